import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { constantLike } from './shared/constant-like.js';
import { div } from './div.js';
import { mul } from './mul.js';
import { only } from './shared/shapes.js';

/** Elementwise square root. */
export function sqrt(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Sqrt', [x]));
}

export const sqrtOperator: Operator = {
  op: 'Sqrt',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  gradient: ({ builder, outputs: [y], gradients: [g] }) => [
    g && y && div(builder, g, mul(builder, y, constantLike(builder, y, 2))),
  ],
  stack: stackElements,
};
