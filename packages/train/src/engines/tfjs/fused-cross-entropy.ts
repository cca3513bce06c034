import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from './native-backend.js';
import { floatType, nativeBackend } from './native-backend.js';

/**
 * The losses of a batch.
 *
 * @param logits float32 `[batch, classes]`
 * @param labels int32 `[batch]`
 * @returns `[batch]`
 */
export type LossesOf = (logits: tf.Tensor, labels: tf.Tensor) => tf.Tensor;

/**
 * `crossEntropy` by TensorFlow's own operator, which gives losses and their slopes in one call, where the graph of the loss
 * takes some twenty, there and back. Undefined where the backend has no binding to TensorFlow.
 */
export function fusedCrossEntropy(): LossesOf | undefined {
  const backend = nativeBackend();
  return backend && ((logits, labels) => fused(backend, logits, labels));
}

function fused(backend: NativeBackend, logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const { binding } = backend;
  const labelType = { name: 'Tlabels', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 };
  return tf.customGrad((given, save) => {
    const [losses, slopes] = backend.executeMultipleOutputs(
      'SparseSoftmaxCrossEntropyWithLogits',
      [floatType(backend, 'T'), labelType],
      [given as tf.Tensor, labels],
      2,
    ) as [tf.Tensor, tf.Tensor];
    (save as tf.GradSaveFunc)([slopes]);
    return {
      value: losses,
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(tf.reshape(dy, [-1, 1]), saved ?? slopes),
    };
  })(logits);
}
