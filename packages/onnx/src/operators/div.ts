import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { sumTo } from './shared/broadcasting.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { binaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import type { Operator } from './operator.js';
import { only } from './shared/shapes.js';

/** Elementwise `a / b`, broadcasting; integers divide towards zero. */
export function div(builder: GraphBuilder, a: Value, b: Value): Value {
  return only(builder.add('Div', [a, b]));
}

export const divOperator: Operator = {
  op: 'Div',
  dtypes: ['float32', 'float64', 'int64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: binaryOutput,
  gradient: ({ builder, inputs: [a, b], outputs: [y], gradients: [g], wanted }) => [
    g && a && b && wanted[0] ? sumTo(builder, div(builder, g, b), a.shape) : undefined,
    // d(a/b)/db = -(a/b)/b, in terms of the output.
    g && y && b && wanted[1]
      ? neg(builder, sumTo(builder, div(builder, mul(builder, g, y), b), b.shape))
      : undefined,
  ],
  stack: stackElements,
};
