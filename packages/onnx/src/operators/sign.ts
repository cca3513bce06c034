import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { only } from './shared/shapes.js';

/** Elementwise sign: -1, 0 or 1. A constant to differentiation, as its slope is 0 wherever it has one. */
export function sign(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Sign', [x]));
}

export const signOperator: Operator = {
  op: 'Sign',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'int8', 'uint8'],
  providers: ['cpu', 'cuda'],
  infer: unaryOutput,
  gradient: 'none',
  stack: stackElements,
};
