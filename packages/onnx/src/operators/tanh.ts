import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { constantLike } from './shared/constant-like.js';
import { mul } from './mul.js';
import { sub } from './sub.js';
import { only } from './shared/shapes.js';

/** Elementwise hyperbolic tangent. */
export function tanh(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Tanh', [x]));
}

export const tanhOperator: Operator = {
  op: 'Tanh',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  gradient: ({ builder, outputs: [y], gradients: [g] }) => [
    g && y && mul(builder, g, sub(builder, constantLike(builder, y, 1), mul(builder, y, y))),
  ],
  stack: stackElements,
};
