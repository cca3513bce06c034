import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { only } from './shared/shapes.js';

/** Elementwise `-x`. */
export function neg(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Neg', [x]));
}

export const negOperator: Operator = {
  op: 'Neg',
  dtypes: ['float32', 'float64', 'int64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  gradient: ({ builder, gradients: [g] }) => [g && neg(builder, g)],
  stack: stackElements,
};
