import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { int64 } from '../tensor.js';
import { concat } from './concat.js';
import type { Operator } from './operator.js';
import { expandTo } from './shared/broadcasting.js';
import { constantLike } from './shared/constant-like.js';
import { constantInts, intAttribute, normalAxis, required } from './shared/shapes.js';
import { stackAlongAxis } from './shared/stacking.js';

/** Divides a value along an axis into parts of the given sizes, which add up to the size of that axis. */
export function split(builder: GraphBuilder, x: Value, sizes: readonly number[], axis: number): Value[] {
  return builder.add('Split', [x, builder.constant(int64(sizes))], { axis: { int: axis } });
}

export const splitOperator: Operator = {
  op: 'Split',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const x = required(context, 0);
    const axis = normalAxis('Split', intAttribute(context.attributes, 'axis', 0), x.shape.length);
    const sizes = constantInts(context, 1) ?? [];
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (sizes.length === 0 || sizes.some((size) => size < 0) || total !== x.shape[axis]) {
      throw new Error(
        `Split: sizes [${sizes.join(', ')}] do not divide axis ${axis} of '${x.name}' ${shapeText(x.shape)}`,
      );
    }
    return sizes.map((size) => ({ dtype: x.dtype, shape: x.shape.with(axis, size) }));
  },
  gradient: ({ builder, node, outputs, gradients: parts }) => {
    const axis = intAttribute(node.attributes, 'axis', 0);
    const whole = outputs.map(
      (output, index) => parts[index] ?? expandTo(builder, constantLike(builder, output, 0), output),
    );
    return [concat(builder, whole, axis)];
  },
  stack: stackAlongAxis(0),
};
