import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { div } from './div.js';
import { only } from './shared/shapes.js';

/** Elementwise natural logarithm. */
export function log(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Log', [x]));
}

export const logOperator: Operator = {
  op: 'Log',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: unaryOutput,
  gradient: ({ builder, inputs: [x], gradients: [g] }) => [g && x && div(builder, g, x)],
  stack: stackElements,
};
