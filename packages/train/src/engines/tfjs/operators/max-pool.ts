import { intsAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { withChannelsLast } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';
import { asImage, likeInput, padded, strides, windowAxes } from './shared/images.js';

export const maxPool: TfjsOperator = {
  op: 'MaxPool',
  run: (call) => {
    const x = withChannelsLast(input(call, 0));
    const axes = windowAxes(call.attributes, intsAttribute(call.attributes, 'kernel_shape') ?? []);
    if (axes.some(({ dilation }) => dilation > 1)) throw new Error('dilated windows are not supported');
    const { image, pad } = padded(asImage(x), axes, Number.NEGATIVE_INFINITY);
    const [rows, columns] = axes;
    return likeInput(tf.maxPool(image, [rows.kernel, columns.kernel], strides(axes), pad), x);
  },
};
