import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { gatherElements } from './gather-elements.js';
import type { Operator } from './operator.js';
import { expandTo } from './shared/broadcasting.js';
import { constantLike } from './shared/constant-like.js';
import {
  expectDType,
  expectSameDType,
  expectSizesBeside,
  intAttribute,
  normalAxis,
  only,
  required,
  stringAttribute,
} from './shared/shapes.js';
import { stackBeside } from './shared/stacking.js';

/** What becomes of an element of the data that an index names: it is replaced, or the update is added to it. */
export type ScatterReduction = 'none' | 'add';

/**
 * A copy of `data` with `updates` written at int32 or int64 `indices` along `axis`; both have one shape, that of `data`
 * beside the axis. With `'none'` (the default) no element may be named twice; with `'add'` all updates of it are added.
 *
 * ScatterND writes whole slices, and faster, but loses updates in ONNX Runtime 1.30 where a slice is named twice and
 * there are several threads. This operator adds one after another, in the order of the indices.
 */
export function scatterElements(
  builder: GraphBuilder,
  data: Value,
  indices: Value,
  updates: Value,
  axis = 0,
  reduction: ScatterReduction = 'none',
): Value {
  const attributes = { axis: { int: axis }, reduction: { string: reduction } };
  return only(builder.add('ScatterElements', [data, indices, updates], attributes));
}

export const scatterElementsOperator: Operator = {
  op: 'ScatterElements',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda'],
  infer: (context) => {
    const data = required(context, 0);
    const indices = required(context, 1);
    const updates = required(context, 2);
    expectDType('ScatterElements', indices, 'int32', 'int64');
    expectSameDType('ScatterElements', data, updates);
    const axis = normalAxis(
      'ScatterElements',
      intAttribute(context.attributes, 'axis', 0),
      data.shape.length,
    );
    expectSizesBeside('ScatterElements', indices, data, axis);
    if (shapeText(updates.shape) !== shapeText(indices.shape)) {
      throw new Error(
        `ScatterElements: '${updates.name}' has shape ${shapeText(updates.shape)}, ` +
          `expected ${shapeText(indices.shape)} like the indices`,
      );
    }
    const reduction = stringAttribute(context.attributes, 'reduction', 'none');
    if (reduction !== 'none' && reduction !== 'add') {
      throw new Error(`ScatterElements: reduction '${reduction}' is not supported, expected none or add`);
    }
    return [{ dtype: data.dtype, shape: data.shape }];
  },
  gradient: ({ builder, node, inputs: [, indices, updates], gradients: [g], wanted }) => {
    if (!g || !indices || !updates) return [undefined];
    const axis = intAttribute(node.attributes, 'axis', 0);
    const forData = () => {
      if (stringAttribute(node.attributes, 'reduction', 'none') === 'add') return g;
      // What was replaced has no part in the result.
      const zeros = expandTo(builder, constantLike(builder, updates, 0), updates);
      return scatterElements(builder, g, indices, zeros, axis);
    };
    return [
      wanted[0] ? forData() : undefined,
      undefined,
      wanted[2] ? gatherElements(builder, g, indices, axis) : undefined,
    ];
  },
  stack: stackBeside,
};
