import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { expectDType, intAttribute, normalAxis, only, required } from './shared/shapes.js';

/** Picks slices of `data` along `axis` by int32 or int64 `indices`; the shape of the indices replaces that axis. */
export function gather(builder: GraphBuilder, data: Value, indices: Value, axis = 0): Value {
  return only(builder.add('Gather', [data, indices], { axis: { int: axis } }));
}

export const gatherOperator: Operator = {
  op: 'Gather',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const data = required(context, 0);
    const indices = required(context, 1);
    expectDType('Gather', indices, 'int32', 'int64');
    const axis = normalAxis('Gather', intAttribute(context.attributes, 'axis', 0), data.shape.length);
    return [{ dtype: data.dtype, shape: data.shape.toSpliced(axis, 1, ...indices.shape) }];
  },
};
