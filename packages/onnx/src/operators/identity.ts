import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { only } from './shared/shapes.js';

/** The value itself under another name. */
export function identity(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Identity', [x]));
}

export const identityOperator: Operator = {
  op: 'Identity',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  gradient: ({ gradients: [g] }) => [g],
  stack: stackElements,
};
