import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '../../without-gradient.js';

/**
 * A value with rows replaced, or with updates added to them.
 *
 * @param data `[rows, ...]`
 * @param rows int32 `[n]`; to be replaced, each another one.
 * @param updates `[n, ...]`
 */
export function scattered(
  data: tf.Tensor,
  rows: tf.Tensor1D,
  updates: tf.Tensor,
  reduction: string,
): tf.Tensor {
  const [count] = data.shape;
  const added = (values: tf.Tensor) => tf.unsortedSegmentSum(values, rows, count);
  if (reduction === 'add') return tf.add(data, added(updates));
  if (reduction !== 'none')
    throw new Error(`reduction '${reduction}' is not supported, expected none or add`);
  const replaced = withoutGradient(() => tf.greater(added(tf.onesLike(updates)), tf.scalar(0)));
  return tf.where(replaced, added(updates), data);
}
