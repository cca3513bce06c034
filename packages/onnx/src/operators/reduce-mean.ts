import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { div } from './div.js';
import { elementsPerOutput } from './shared/elements.js';
import { expandTo } from './shared/broadcasting.js';
import { reduce, reducedOutput, withReducedAxes } from './shared/reduction.js';
import { stackReduction } from './shared/reduction.js';

/** Mean. Over all axes unless `axes` are given; reduced axes stay with size 1 when `keepDims`. */
export function reduceMean(
  builder: GraphBuilder,
  x: Value,
  axes?: readonly number[],
  keepDims = false,
): Value {
  return reduce(builder, 'ReduceMean', x, axes, keepDims);
}

export const reduceMeanOperator: Operator = {
  op: 'ReduceMean',
  dtypes: ['float32', 'float64', 'int64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: reducedOutput,
  gradient: ({ builder, node, inputs: [x], outputs: [y], gradients: [g] }) => {
    if (!g || !x || !y) return [undefined];
    const share = div(builder, g, elementsPerOutput(builder, x, y));
    return [expandTo(builder, withReducedAxes(builder, node, share, x), x)];
  },
  stack: stackReduction,
};
