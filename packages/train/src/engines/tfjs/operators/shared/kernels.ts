import * as tf from '@tensorflow/tfjs-core';
import type { WindowAxis } from './images.js';

/** Weights `[units, channels, ...kernel]` as convolutions of TensorFlow.js take them: `[height, width, channels, units]`. */
export function kernelOf(weights: tf.Tensor, axes: readonly WindowAxis[]): tf.Tensor4D {
  const square = (weights.rank === 3 ? tf.expandDims(weights, 2) : weights) as tf.Tensor4D;
  return spreadOut(tf.transpose(square, [2, 3, 1, 0]), axes);
}

/**
 * A dilated kernel with its gaps written out as zeros, because TensorFlow.js differentiates no dilated convolution.
 *
 * @param kernel `[height, width, channels, units]`
 */
function spreadOut(kernel: tf.Tensor4D, axes: readonly WindowAxis[]): tf.Tensor4D {
  return axes.reduce<tf.Tensor4D>((spread, { dilation, kernel: size }, axis) => {
    if (dilation === 1 || size === 1) return spread;
    const { shape } = spread;
    const gaps: [number, number][] = shape.flatMap((_, index): [number, number][] =>
      index === axis
        ? [
            [0, 0],
            [0, dilation - 1],
          ]
        : [[0, 0]],
    );
    const withGaps = tf.pad(tf.expandDims(spread, axis + 1), gaps);
    const wide = tf.reshape(withGaps, shape.with(axis, size * dilation));
    // No gap behind the last element.
    return tf.slice(
      wide,
      shape.map(() => 0),
      shape.with(axis, (size - 1) * dilation + 1),
    ) as tf.Tensor4D;
  }, kernel);
}

/** A value divided into equal parts along an axis, or the whole where there is but one. */
export function divided(x: tf.Tensor4D, parts: number, axis: number): tf.Tensor4D[] {
  return parts === 1 ? [x] : tf.split(x, parts, axis);
}
