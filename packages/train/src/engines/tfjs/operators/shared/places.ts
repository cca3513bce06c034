import * as tf from '@tensorflow/tfjs-core';
import type { Held } from '../../held.js';
import { onDevice, shapeOf } from '../../held.js';
import { rowMajorStrides } from '../../whole-numbers.js';

/**
 * Of elements that are named by their place along one axis, where they lie in the value written out as a vector.
 *
 * @param indices of the rank of the value.
 * @param shape of the value.
 * @returns int32, a vector.
 */
export function flatPlaces(indices: Held, shape: readonly number[], axis: number): tf.Tensor1D {
  const strides = rowMajorStrides(shape);
  const sizes = shapeOf(indices);
  // What the other axes contribute is known beforehand.
  const steps = rowMajorStrides(sizes);
  const count = sizes.reduce((product, size) => product * size, 1);
  const beside = Int32Array.from({ length: count }, (_, index) =>
    sizes.reduce((place, size, other) => {
      const along = Math.floor(index / (steps[other] ?? 1)) % size;
      return other === axis ? place : place + along * (strides[other] ?? 0);
    }, 0),
  );
  const along = tf.mul(tf.reshape(onDevice(indices), [-1]), tf.scalar(strides[axis] ?? 1, 'int32'));
  return tf.add(along, tf.tensor1d(beside, 'int32'));
}
