import { intAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { onDevice, withChannelsLast } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';
import { asImage, likeInput, padded, strides, windowAxes } from './shared/images.js';
import { divided, kernelOf } from './shared/kernels.js';

export const conv: TfjsOperator = {
  op: 'Conv',
  run: (call) => {
    const x = withChannelsLast(input(call, 0));
    const weights = onDevice(input(call, 1));
    const axes = windowAxes(call.attributes, weights.shape.slice(2));
    const groups = intAttribute(call.attributes, 'group', 1);
    const { image, pad } = padded(asImage(x), axes, 0);
    const kernels = divided(kernelOf(weights, axes), groups, 3);
    const parts = divided(image, groups, 3).map((part, group) => {
      const kernel = kernels[group];
      if (!kernel) throw new Error(`${groups} groups do not divide the weights`);
      return tf.conv2d(part, kernel, strides(axes), pad);
    });
    const joined = tf.concat4d(parts, 3);
    const bias = call.inputs[2];
    return likeInput(bias ? tf.add(joined, onDevice(bias)) : joined, x);
  },
};
