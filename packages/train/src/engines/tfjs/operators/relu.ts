import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../native-backend.js';
import { floatType, nativeBackend } from '../native-backend.js';
import { unary } from './shared/elementwise.js';

export const relu = unary('Relu', (x) => {
  const backend = nativeBackend();
  return backend ? nativeRelu(backend, x) : tf.relu(x);
});

/** With TensorFlow's own gradient, one call of it; that of TensorFlow.js makes eight. */
function nativeRelu(backend: NativeBackend, x: tf.Tensor): tf.Tensor {
  return tf.customGrad((given, save) => {
    (save as tf.GradSaveFunc)([given as tf.Tensor]);
    return {
      value: tf.relu(given as tf.Tensor),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
        backend.executeSingleOutput('ReluGrad', [floatType(backend, 'T')], saved ? [dy, saved] : [dy]),
    };
  })(x);
}
