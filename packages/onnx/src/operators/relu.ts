import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { mul } from './mul.js';
import { only } from './shared/shapes.js';
import { sign } from './sign.js';

/** Elementwise `max(x, 0)`. Its gradient at 0 is 0, as in PyTorch and TensorFlow. */
export function relu(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Relu', [x]));
}

export const reluOperator: Operator = {
  op: 'Relu',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  // The sign of the output is 1 where the input was positive and 0 elsewhere: two operators, no constant.
  gradient: ({ builder, outputs: [y], gradients: [g] }) => [g && y && mul(builder, g, sign(builder, y))],
};
