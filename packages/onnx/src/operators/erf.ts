import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { constantLike } from './shared/constant-like.js';
import { exp } from './exp.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { only } from './shared/shapes.js';

/** Elementwise error function. ONNX Runtime has no kernel in double precision. */
export function erf(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Erf', [x]));
}

export const erfOperator: Operator = {
  op: 'Erf',
  dtypes: ['float32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  gradient: ({ builder, inputs: [x], gradients: [g] }) => {
    if (!g || !x) return [undefined];
    const bell = exp(builder, neg(builder, mul(builder, x, x)));
    return [mul(builder, g, mul(builder, bell, constantLike(builder, x, 2 / Math.sqrt(Math.PI))))];
  },
  stack: stackElements,
};
