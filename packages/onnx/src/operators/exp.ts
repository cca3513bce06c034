import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { mul } from './mul.js';
import { only } from './shared/shapes.js';

/** Elementwise exponential. */
export function exp(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Exp', [x]));
}

export const expOperator: Operator = {
  op: 'Exp',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  gradient: ({ builder, outputs: [y], gradients: [g] }) => [g && y && mul(builder, g, y)],
  stack: stackElements,
};
