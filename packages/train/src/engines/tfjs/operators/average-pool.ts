import { intAttribute, intsAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { withChannelsLast } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';
import type { WindowAxis } from './shared/images.js';
import { asImage, likeInput, padded, strides, windowAxes } from './shared/images.js';

export const averagePool: TfjsOperator = {
  op: 'AveragePool',
  run: (call) => {
    const x = withChannelsLast(input(call, 0));
    const axes = windowAxes(call.attributes, intsAttribute(call.attributes, 'kernel_shape') ?? []);
    const countsPadding = intAttribute(call.attributes, 'count_include_pad', 0) === 1;
    const whole = asImage(x);
    // TensorFlow leaves its own padding out of the mean.
    const own = padded(whole, axes, 0);
    if (own.pad === 'same' && !countsPadding) return likeInput(averages(whole, axes, 'same'), x);
    const around = axes.map(({ begin, end }): [number, number] => [begin, end]);
    const withZeros = (image: tf.Tensor4D) => tf.pad(image, [[0, 0], ...around, [0, 0]]);
    const means = averages(withZeros(whole), axes, 'valid');
    if (countsPadding || (own.pad === 'valid' && own.image === whole)) return likeInput(means, x);
    const [, height, width] = whole.shape;
    return likeInput(tf.div(means, averages(withZeros(tf.ones([1, height, width, 1])), axes, 'valid')), x);
  },
};

function averages(image: tf.Tensor4D, axes: readonly WindowAxis[], pad: 'same' | 'valid'): tf.Tensor4D {
  const [rows, columns] = axes;
  return tf.avgPool(image, [rows?.kernel ?? 1, columns?.kernel ?? 1], strides(axes), pad);
}
