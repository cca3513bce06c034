import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { extremeGradient } from './shared/extremes.js';
import { foldedOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { only } from './shared/shapes.js';

/** Elementwise the smallest of one or more values, broadcasting. Values that tie share the gradient. */
export function min(builder: GraphBuilder, ...values: readonly Value[]): Value {
  return only(builder.add('Min', values));
}

export const minOperator: Operator = {
  op: 'Min',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'int8', 'uint8'],
  providers: ['cpu', 'cuda'],
  infer: foldedOutput,
  gradient: extremeGradient,
  stack: stackElements,
};
