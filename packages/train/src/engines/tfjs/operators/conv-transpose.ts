import { intAttribute, intsAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { onDevice, withChannelsLast } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';
import { asImage, likeInput, strides, windowAxes } from './shared/images.js';
import { divided, kernelOf } from './shared/kernels.js';

export const convTranspose: TfjsOperator = {
  op: 'ConvTranspose',
  run: (call) => {
    const x = withChannelsLast(input(call, 0));
    const weights = onDevice(input(call, 1));
    const axes = windowAxes(call.attributes, weights.shape.slice(2));
    const groups = intAttribute(call.attributes, 'group', 1);
    const kernels = divided(kernelOf(weights, axes), groups, 3);
    const signal = asImage(x);
    const [batch, ...counts] = signal.shape;
    // What all windows together reach over.
    const sizes = axes.map(
      ({ stride, kernel, dilation }, axis) =>
        ((counts[axis] ?? 0) - 1) * stride + (kernel - 1) * dilation + 1,
    );
    const parts = divided(signal, groups, 3).map((part, group) => {
      const kernel = kernels[group];
      if (!kernel) throw new Error(`${groups} groups do not divide the weights`);
      const whole: [number, number, number, number] = [batch, sizes[0] ?? 0, sizes[1] ?? 0, kernel.shape[2]];
      return tf.conv2dTranspose(part, kernel, whole, strides(axes), 'valid');
    });
    const added = intsAttribute(call.attributes, 'output_padding') ?? [];
    const extra = axes.map((_, axis) => added[axis - (axes.length - added.length)] ?? 0);
    const ends = axes.map(({ end }, axis) => (extra[axis] ?? 0) - end);
    const joined = resized(
      tf.concat4d(parts, 3),
      axes.map(({ begin }) => -begin),
      ends,
    );
    const bias = call.inputs[2];
    return likeInput(bias ? tf.add(joined, onDevice(bias)) : joined, x);
  },
};

/** The image with as many rows and columns more before and behind, or fewer. */
function resized(image: tf.Tensor4D, begin: readonly number[], end: readonly number[]): tf.Tensor4D {
  const more = (counts: readonly number[], axis: number) => Math.max(0, counts[axis] ?? 0);
  const less = (counts: readonly number[], axis: number) => Math.max(0, -(counts[axis] ?? 0));
  const grown = tf.pad(image, [
    [0, 0],
    [more(begin, 0), more(end, 0)],
    [more(begin, 1), more(end, 1)],
    [0, 0],
  ]);
  const [batch, height, width, channels] = grown.shape;
  return tf.slice(
    grown,
    [0, less(begin, 0), less(begin, 1), 0],
    [batch, height - less(begin, 0) - less(end, 0), width - less(begin, 1) - less(end, 1), channels],
  );
}
