import { intAttribute, normalAxis } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { onDevice } from '../../held.js';
import type { TfjsOperator } from '../operator.js';
import { input } from '../operator.js';

/** An operator over one axis, for which TensorFlow.js has a function over the last. */
export function alongAxis(op: string, run: (x: tf.Tensor) => tf.Tensor): TfjsOperator {
  return {
    op,
    run: (call) => {
      const x = onDevice(input(call, 0));
      const axis = normalAxis(op, intAttribute(call.attributes, 'axis', -1), x.rank);
      const last = x.rank - 1;
      if (axis === last) return run(x);
      // Swapping two axes is its own reverse.
      const order = x.shape.map((_, index) => (index === axis ? last : index === last ? axis : index));
      return tf.transpose(run(tf.transpose(x, order)), order);
    },
  };
}
