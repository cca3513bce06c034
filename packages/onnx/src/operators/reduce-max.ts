import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { cast } from './cast.js';
import { div } from './div.js';
import { equal } from './equal.js';
import { mul } from './mul.js';
import { sumTo } from './shared/broadcasting.js';
import { reduce, reducedOutput, withReducedAxes } from './shared/reduction.js';

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
  gradient: ({ builder, node, inputs: [x], outputs: [y], gradients: [g] }) => {
    if (!g || !x || !y) return [undefined];
    // Elements that tie share the gradient, which keeps the rule symmetric and differentiable again.
    const maximum = withReducedAxes(builder, node, y, x);
    const ties = cast(builder, equal(builder, x, maximum), x.dtype);
    const count = sumTo(builder, ties, maximum.shape);
    return [mul(builder, ties, div(builder, withReducedAxes(builder, node, g, x), count))];
  },
};
