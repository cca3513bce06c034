import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { reducedExtremeGradient } from './shared/extremes.js';
import { reduce, reducedOutput } from './shared/reduction.js';
import { stackReduction } from './shared/reduction.js';

/** Minimum. Over all axes unless `axes` are given; reduced axes stay with size 1 when `keepDims`. */
export function reduceMin(
  builder: GraphBuilder,
  x: Value,
  axes?: readonly number[],
  keepDims = false,
): Value {
  return reduce(builder, 'ReduceMin', x, axes, keepDims);
}

export const reduceMinOperator: Operator = {
  op: 'ReduceMin',
  dtypes: ['float32', 'float64', 'int64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: reducedOutput,
  gradient: reducedExtremeGradient,
  stack: stackReduction,
};
