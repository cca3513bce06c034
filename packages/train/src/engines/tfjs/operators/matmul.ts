import * as tf from '@tensorflow/tfjs-core';
import { onDevice } from '../held.js';
import { broadcastShape } from '../whole-numbers.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const matMul: TfjsOperator = {
  op: 'MatMul',
  run: (call) => {
    const [a, b] = [onDevice(input(call, 0)), onDevice(input(call, 1))];
    // TensorFlow.js multiplies matrices that are broadcast, but its gradients of those have the wrong shape.
    const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const repeated = (x: tf.Tensor) =>
      x.rank === batch.length + 2 ? x : tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
    return tf.matMul(repeated(a), repeated(b));
  },
};
