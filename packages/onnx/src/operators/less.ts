import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { comparisonOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import type { Operator } from './operator.js';
import { only } from './shared/shapes.js';

/** Elementwise `a < b`, broadcasting. */
export function less(builder: GraphBuilder, a: Value, b: Value): Value {
  return only(builder.add('Less', [a, b]));
}

export const lessOperator: Operator = {
  op: 'Less',
  dtypes: ['float32', 'float64', 'int64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: comparisonOutput,
  gradient: 'none',
  stack: stackElements,
};
