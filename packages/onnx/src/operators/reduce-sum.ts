import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { expandTo } from './shared/broadcasting.js';
import { reduce, reducedOutput, withReducedAxes } from './shared/reduction.js';
import { stackReduction } from './shared/reduction.js';

/** Sum. Over all axes unless `axes` are given; reduced axes stay with size 1 when `keepDims`. */
export function reduceSum(
  builder: GraphBuilder,
  x: Value,
  axes?: readonly number[],
  keepDims = false,
): Value {
  return reduce(builder, 'ReduceSum', x, axes, keepDims);
}

export const reduceSumOperator: Operator = {
  op: 'ReduceSum',
  dtypes: ['float32', 'float64', 'int64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: reducedOutput,
  gradient: ({ builder, node, inputs: [x], gradients: [g] }) => [
    g && x && expandTo(builder, withReducedAxes(builder, node, g, x), x),
  ],
  stack: stackReduction,
};
