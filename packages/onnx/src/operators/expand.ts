import type { GraphBuilder } from '../builder.js';
import type { Dimension, Value } from '../graph.js';
import { numbersOf } from '../tensor.js';
import type { Operator } from './operator.js';
import { sumTo } from './shared/broadcasting.js';
import { broadcast, only, required } from './shared/shapes.js';
import { int64 } from '../tensor.js';
import { constantOf, withRank } from './shared/stacking.js';

/**
 * Repeats a value to the given sizes.
 *
 * @param target int64 vector of sizes: a constant, or computed by `shape`.
 * @param result the shape it stands for; recorded on the output because a computed one is not readable here.
 */
export function expand(builder: GraphBuilder, x: Value, target: Value, result: readonly Dimension[]): Value {
  if (builder.constantOf(target)) return only(builder.add('Expand', [x, target]));
  return only(builder.add('Expand', [x, target], {}, [], [{ dtype: x.dtype, shape: result }]));
}

export const expandOperator: Operator = {
  op: 'Expand',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const x = required(context, 0);
    const target = context.constant(1);
    if (!target) throw new Error('Expand: the target sizes are computed at run time and must be stated');
    return [{ dtype: x.dtype, shape: broadcast('Expand', x.shape, numbersOf(target)) }];
  },
  gradient: ({ builder, inputs: [x], gradients: [g] }) => [g && x && sumTo(builder, g, x.shape)],
  stack: (context) => {
    const {
      builder,
      members,
      inputs: [x, target],
    } = context;
    const sizes = constantOf(context, target);
    if (!x || !sizes) return [];
    const aligned = withRank(builder, x, sizes.length);
    return [expand(builder, aligned, builder.constant(int64([members, ...sizes])), [])];
  },
};
