import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { constantLike } from './shared/constant-like.js';
import { mul } from './mul.js';
import { sub } from './sub.js';
import { only } from './shared/shapes.js';

/** Elementwise logistic function `1 / (1 + exp(-x))`. */
export function sigmoid(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Sigmoid', [x]));
}

export const sigmoidOperator: Operator = {
  op: 'Sigmoid',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  gradient: ({ builder, outputs: [y], gradients: [g] }) => [
    g && y && mul(builder, g, mul(builder, y, sub(builder, constantLike(builder, y, 1), y))),
  ],
  stack: stackElements,
};
