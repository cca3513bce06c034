import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { cast } from './cast.js';
import { greater } from './greater.js';
import { mul } from './mul.js';
import { constantLike } from './shared/constant-like.js';
import { only } from './shared/shapes.js';

/** Elementwise `max(x, 0)`. Its gradient at 0 is 0, as in PyTorch and TensorFlow. */
export function relu(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Relu', [x]));
}

export const reluOperator: Operator = {
  op: 'Relu',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  // In terms of the output, so that the runtime can fuse Relu into the operator before it. Greater and Cast are
  // vectorised there: less than half the time of Sign or Where.
  gradient: ({ builder, outputs: [y], gradients: [g] }) => [
    g && y && mul(builder, g, cast(builder, greater(builder, y, constantLike(builder, y, 0)), g.dtype)),
  ],
  stack: stackElements,
};
