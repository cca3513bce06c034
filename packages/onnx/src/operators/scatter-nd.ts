import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { gather } from './gather.js';
import type { Operator } from './operator.js';
import { reshape } from './reshape.js';
import type { ScatterReduction } from './scatter-elements.js';
import { expandTo } from './shared/broadcasting.js';
import { constantLike } from './shared/constant-like.js';
import { expectDType, expectSameDType, only, required, stringAttribute } from './shared/shapes.js';

/**
 * A copy of `data` with whole slices along its first axis replaced, or with `updates` added to them.
 *
 * No slice may be named twice: with more than one thread, ONNX Runtime 1.30 loses additions where one is. See
 * `scatterElements` for those.
 *
 * @param indices int64 `[n, 1]`, which slices.
 * @param updates `[n, ...]`, the shape of the data behind the first axis.
 */
export function scatterND(
  builder: GraphBuilder,
  data: Value,
  indices: Value,
  updates: Value,
  reduction: ScatterReduction = 'none',
): Value {
  return only(builder.add('ScatterND', [data, indices, updates], { reduction: { string: reduction } }));
}

export const scatterNDOperator: Operator = {
  op: 'ScatterND',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const data = required(context, 0);
    const indices = required(context, 1);
    const updates = required(context, 2);
    expectDType('ScatterND', indices, 'int64');
    expectSameDType('ScatterND', data, updates);
    const [count, depth] = indices.shape;
    if (indices.shape.length !== 2 || count === undefined || depth !== 1) {
      throw new Error(
        `ScatterND: '${indices.name}' has shape ${shapeText(indices.shape)}, expected [n, 1], slices of the first axis`,
      );
    }
    const expected = [count, ...data.shape.slice(1)];
    if (data.shape.length === 0 || shapeText(updates.shape) !== shapeText(expected)) {
      throw new Error(
        `ScatterND: '${updates.name}' has shape ${shapeText(updates.shape)}, expected ${shapeText(expected)} for ` +
          `slices of '${data.name}' ${shapeText(data.shape)}`,
      );
    }
    const reduction = stringAttribute(context.attributes, 'reduction', 'none');
    if (reduction !== 'none' && reduction !== 'add') {
      throw new Error(`ScatterND: reduction '${reduction}' is not supported, expected none or add`);
    }
    return [{ dtype: data.dtype, shape: data.shape }];
  },
  gradient: ({ builder, node, inputs: [, indices, updates], gradients: [g], wanted }) => {
    if (!g || !indices || !updates) return [undefined];
    const forData = () => {
      if (stringAttribute(node.attributes, 'reduction', 'none') === 'add') return g;
      // What was replaced has no part in the result.
      return scatterND(builder, g, indices, expandTo(builder, constantLike(builder, updates, 0), updates));
    };
    return [
      wanted[0] ? forData() : undefined,
      undefined,
      wanted[2] ? gather(builder, g, reshape(builder, indices, [-1])) : undefined,
    ];
  },
};
