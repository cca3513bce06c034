import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { reducedExtremeGradient } from './shared/extremes.js';
import { reduce, reducedOutput } from './shared/reduction.js';
import { stackReduction } from './shared/reduction.js';

/** Maximum. Over all axes unless `axes` are given; reduced axes stay with size 1 when `keepDims`. */
export function reduceMax(
  builder: GraphBuilder,
  x: Value,
  axes?: readonly number[],
  keepDims = false,
): Value {
  return reduce(builder, 'ReduceMax', x, axes, keepDims);
}

export const reduceMaxOperator: Operator = {
  op: 'ReduceMax',
  dtypes: ['float32', 'float64', 'int64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: reducedOutput,
  gradient: reducedExtremeGradient,
  stack: stackReduction,
};
