import type { GraphBuilder } from '../builder.js';
import type { Dimension, Value } from '../graph.js';
import { shapeText } from '../graph.js';
import type { Operator } from './operator.js';
import { expectSameDType, intAttribute, normalAxis, only, required } from './shared/shapes.js';
import { split } from './split.js';
import { stackBeside } from './shared/stacking.js';

/** Joins values along an axis; their other sizes are equal. */
export function concat(builder: GraphBuilder, values: readonly Value[], axis: number): Value {
  return only(builder.add('Concat', values, { axis: { int: axis } }));
}

export const concatOperator: Operator = {
  op: 'Concat',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const first = required(context, 0);
    const axis = normalAxis('Concat', intAttribute(context.attributes, 'axis', 0), first.shape.length);
    const values = context.inputs.map((_, index) => required(context, index));
    for (const value of values) {
      expectSameDType('Concat', first, value);
      const fits =
        value.shape.length === first.shape.length &&
        value.shape.every((size, index) => index === axis || size === first.shape[index]);
      if (!fits) {
        throw new Error(
          `Concat: '${value.name}' of shape ${shapeText(value.shape)} does not join ` +
            `${shapeText(first.shape)} along axis ${axis}`,
        );
      }
    }
    return [{ dtype: first.dtype, shape: first.shape.with(axis, joinedSize(values, axis)) }];
  },
  gradient: ({ builder, node, inputs, gradients: [g] }) => {
    if (!g) return [];
    const axis = normalAxis('Concat', intAttribute(node.attributes, 'axis', 0), g.shape.length);
    const sizes = inputs.map((input) => input?.shape[axis]);
    if (!sizes.every((size) => typeof size === 'number')) {
      throw new Error(
        `Concat: its gradient needs known sizes along axis ${axis}, found [${sizes.join(', ')}]`,
      );
    }
    return split(builder, g, sizes, axis);
  },
  stack: stackBeside,
};

function joinedSize(values: readonly Value[], axis: number): Dimension {
  const sizes = values.map((value) => value.shape[axis] ?? 0);
  const total = sizes.reduce<number>((sum, size) => (typeof size === 'number' ? sum + size : NaN), 0);
  return Number.isNaN(total) ? sizes.join('+') : total;
}
