import * as tf from '@tensorflow/tfjs-core';
import { onDevice } from '../../held.js';
import { withoutGradient } from '../../without-gradient.js';
import type { TfjsOperator } from '../operator.js';
import { input } from '../operator.js';

/**
 * The largest or smallest of several values. Of two that tie it takes the mean, so that they share the gradient, where
 * TensorFlow.js gives all of it to the first.
 *
 * @param before whether an element is to be taken rather than another one.
 */
export function extremeOfSeveral(
  op: string,
  before: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): TfjsOperator {
  return {
    op,
    run: (call) =>
      call.inputs
        .map((_, index) => onDevice(input(call, index)))
        .reduce((a, b) => {
          const mean = tf.div(tf.add(a, b), tf.scalar(2, a.dtype));
          const isBefore = (one: tf.Tensor, other: tf.Tensor) => withoutGradient(() => before(one, other));
          return tf.where(isBefore(a, b), a, tf.where(isBefore(b, a), b, mean));
        }),
  };
}
