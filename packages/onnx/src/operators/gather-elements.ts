import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { shapeText } from '../graph.js';
import type { Operator } from './operator.js';
import { expectDType, expectRank, intAttribute, normalAxis, only, required } from './shared/shapes.js';

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
    expectRank('GatherElements', indices, data.shape.length);
    const axis = normalAxis('GatherElements', intAttribute(context.attributes, 'axis', 0), data.shape.length);
    const fits = indices.shape.every((size, index) => index === axis || size === data.shape[index]);
    if (!fits) {
      throw new Error(
        `GatherElements: indices of shape ${shapeText(indices.shape)} do not fit ` +
          `'${data.name}' ${shapeText(data.shape)} beside axis ${axis}`,
      );
    }
    return [{ dtype: data.dtype, shape: indices.shape }];
  },
};
