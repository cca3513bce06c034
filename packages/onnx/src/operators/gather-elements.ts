import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { scatterElements } from './scatter-elements.js';
import { expandTo } from './shared/broadcasting.js';
import { constantLike } from './shared/constant-like.js';
import { expectDType, expectSizesBeside, intAttribute, normalAxis, only, required } from './shared/shapes.js';
import { stackBeside } from './shared/stacking.js';

/**
 * Picks single elements of `data` along `axis` by int32 or int64 `indices` of the same rank; the result has the shape of
 * the indices. For vectors the runtime does it in a fraction of the time that `gather` takes.
 */
export function gatherElements(builder: GraphBuilder, data: Value, indices: Value, axis = 0): Value {
  return only(builder.add('GatherElements', [data, indices], { axis: { int: axis } }));
}

export const gatherElementsOperator: Operator = {
  op: 'GatherElements',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const data = required(context, 0);
    const indices = required(context, 1);
    expectDType('GatherElements', indices, 'int32', 'int64');
    const axis = normalAxis('GatherElements', intAttribute(context.attributes, 'axis', 0), data.shape.length);
    expectSizesBeside('GatherElements', indices, data, axis);
    return [{ dtype: data.dtype, shape: indices.shape }];
  },
  gradient: ({ builder, node, inputs: [data, indices], gradients: [g] }) => {
    if (!g || !data || !indices) return [undefined];
    const zeros = expandTo(builder, constantLike(builder, data, 0), data);
    return [scatterElements(builder, zeros, indices, g, intAttribute(node.attributes, 'axis', 0), 'add')];
  },
  stack: stackBeside,
};
