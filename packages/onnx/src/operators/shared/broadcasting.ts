import type { GraphBuilder } from '../../builder.js';
import type { Dimension, Value } from '../../graph.js';
import { int64 } from '../../tensor.js';
import { expand } from '../expand.js';
import { reduceSum } from '../reduce-sum.js';
import { reshape } from '../reshape.js';
import { shape } from '../shape.js';

/** The two sides of broadcasting that gradient rules need: summing back, and spreading out. */

/** Sums a gradient over the axes along which a value of the given shape was broadcast. */
export function sumTo(builder: GraphBuilder, gradient: Value, target: readonly Dimension[]): Value {
  const extra = gradient.shape.length - target.length;
  const leading = Array.from({ length: extra }, (_, axis) => axis);
  const stretched = target.flatMap((size, axis) =>
    size === 1 && gradient.shape[axis + extra] !== 1 ? [axis + extra] : [],
  );
  let result = gradient;
  if (stretched.length > 0) result = reduceSum(builder, result, stretched, true);
  if (leading.length > 0) result = reduceSum(builder, result, leading, false);
  return result;
}

/** Repeats a value that broadcasts to `like` until it has its shape. */
export function expandTo(builder: GraphBuilder, value: Value, like: Value): Value {
  if (
    value.shape.length === like.shape.length &&
    value.shape.every((size, axis) => size === like.shape[axis])
  ) {
    return value;
  }
  const sizes = like.shape.filter((size) => typeof size === 'number');
  const target = sizes.length === like.shape.length ? builder.constant(int64(sizes)) : shape(builder, like);
  return expand(builder, value, target, like.shape);
}

/** Puts axes of size 1 back where a reduction without `keepdims` removed them. */
export function restoreAxes(builder: GraphBuilder, value: Value, kept: readonly Dimension[]): Value {
  return value.shape.length === kept.length ? value : reshape(builder, value, kept);
}
