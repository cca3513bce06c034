import { intAttribute, normalAxis } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { isChannelsLast, numbers, onDevice, shapeOf } from '../../held.js';
import type { TfjsOperator } from '../operator.js';
import { input } from '../operator.js';

type Reduction = (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor;

export function reduction(op: string, run: Reduction): TfjsOperator {
  return {
    op,
    run: (call) => {
      const x = input(call, 0);
      const { length: rank } = shapeOf(x);
      const named = call.inputs[1] && numbers(call.inputs[1]);
      const noneIsNone = intAttribute(call.attributes, 'noop_with_empty_axes', 0) === 1;
      if (!named?.length && noneIsNone) return x;
      const axes = named?.length
        ? named.map((axis) => normalAxis(op, axis, rank))
        : Array.from({ length: rank }, (_, axis) => axis);
      const keepDims = intAttribute(call.attributes, 'keepdims', 1) === 1;
      if (isChannelsLast(x) && keepDims) {
        const moved = axes.map((axis) => (axis === 0 ? 0 : axis === 1 ? rank - 1 : axis - 1));
        return { channelsLast: run(x.channelsLast, moved, true) };
      }
      return run(onDevice(x), axes, keepDims);
    },
  };
}

/**
 * The largest or smallest elements. Those that tie share the gradient, where TensorFlow.js gives each of them the whole.
 */
export function extreme(of: Reduction): Reduction {
  return (value, axes, keepDims) =>
    tf.customGrad((x, save) => {
      const found = of(x as tf.Tensor, axes, true);
      const result = keepDims ? found : tf.squeeze(found, axes);
      (save as tf.GradSaveFunc)([x as tf.Tensor, found]);
      return {
        value: result,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
          const [before, largest] = saved;
          if (!before || !largest) throw new Error('nothing was saved for the gradient');
          const ties = tf.cast(tf.equal(before, largest), before.dtype);
          return tf.mul(ties, tf.div(tf.reshape(dy, largest.shape), tf.sum(ties, axes, true)));
        },
      };
    })(value);
}
