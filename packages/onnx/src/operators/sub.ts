import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { sumTo } from './shared/broadcasting.js';
import { neg } from './neg.js';
import { binaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import type { Operator } from './operator.js';
import { only } from './shared/shapes.js';

/** Elementwise `a - b`, broadcasting. */
export function sub(builder: GraphBuilder, a: Value, b: Value): Value {
  return only(builder.add('Sub', [a, b]));
}

export const subOperator: Operator = {
  op: 'Sub',
  dtypes: ['float32', 'float64', 'int64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: binaryOutput,
  gradient: ({ builder, inputs: [a, b], gradients: [g], wanted }) => [
    g && a && wanted[0] ? sumTo(builder, g, a.shape) : undefined,
    g && b && wanted[1] ? neg(builder, sumTo(builder, g, b.shape)) : undefined,
  ],
  stack: stackElements,
};
