import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs functions of TensorFlow.js without a gradient through them. It records what it differentiates, but nothing inside a
 * function that brings a gradient of its own: here, none.
 */
export function withoutGradient(run: () => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: run(), gradFunc: () => [] }))();
}
