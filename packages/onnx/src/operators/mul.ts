import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { sumTo } from './shared/broadcasting.js';
import { binaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import type { Operator } from './operator.js';
import { only } from './shared/shapes.js';

/** Elementwise `a * b`, broadcasting. */
export function mul(builder: GraphBuilder, a: Value, b: Value): Value {
  return only(builder.add('Mul', [a, b]));
}

export const mulOperator: Operator = {
  op: 'Mul',
  dtypes: ['float32', 'float64', 'int64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: binaryOutput,
  gradient: ({ builder, inputs: [a, b], gradients: [g], wanted }) => [
    g && a && b && wanted[0] ? sumTo(builder, mul(builder, g, b), a.shape) : undefined,
    g && a && b && wanted[1] ? sumTo(builder, mul(builder, g, a), b.shape) : undefined,
  ],
  stack: stackElements,
};
