import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { mul } from './mul.js';
import { sign } from './sign.js';
import { only } from './shared/shapes.js';

/** Elementwise absolute value. Its gradient at 0 is 0, as in PyTorch and TensorFlow. */
export function abs(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Abs', [x]));
}

export const absOperator: Operator = {
  op: 'Abs',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'int8', 'uint8'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  gradient: ({ builder, inputs: [x], gradients: [g] }) => [g && x && mul(builder, g, sign(builder, x))],
  stack: stackElements,
};
