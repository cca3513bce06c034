import type { Attributes } from '@winning-tickets/onnx';
import { intsAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import type { ChannelsLast } from '../../held.js';

/** Windows over images, which convolution and pooling share, in the order of axes that TensorFlow.js wants. */

/** The windows along one axis. */
export interface WindowAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before and behind. */
  readonly begin: number;
  readonly end: number;
}

/** The windows of a kernel over one or two axes; one axis is as good as two with a size of 1. */
export function windowAxes(attributes: Attributes, kernel: readonly number[]): [WindowAxis, WindowAxis] {
  const list = (name: string) => intsAttribute(attributes, name) ?? [];
  const axes = kernel.map((size, axis) => ({
    kernel: size,
    stride: list('strides')[axis] ?? 1,
    dilation: list('dilations')[axis] ?? 1,
    begin: list('pads')[axis] ?? 0,
    end: list('pads')[axis + kernel.length] ?? 0,
  }));
  const [first, second] = axes;
  if (!first) throw new Error('the kernel has no size');
  return second ? [first, second] : [{ kernel: 1, stride: 1, dilation: 1, begin: 0, end: 0 }, first];
}

/** `[batch, length, channels]` as an image of height 1; images as they are. */
export function asImage(x: tf.Tensor): tf.Tensor4D {
  return (x.rank === 3 ? tf.expandDims(x, 1) : x) as tf.Tensor4D;
}

/** An image as it came: without the height of a sequence. */
export function likeInput(image: tf.Tensor4D, x: tf.Tensor): ChannelsLast {
  return { channelsLast: x.rank === 3 ? tf.squeeze(image, [1]) : image };
}

/**
 * The image with its padding, and how a window operator of TensorFlow.js is to take it. Where the padding is what
 * TensorFlow calls `same` it is left to the operator.
 */
export function padded(
  image: tf.Tensor4D,
  axes: readonly WindowAxis[],
  value: number,
): { readonly image: tf.Tensor4D; readonly pad: 'same' | 'valid' } {
  if (axes.every(({ begin, end }) => begin === 0 && end === 0)) return { image, pad: 'valid' };
  if (axes.every((axis, index) => isSame(axis, image.shape[index + 1] ?? 0))) return { image, pad: 'same' };
  const [rows, columns] = axes.map(({ begin, end }): [number, number] => [begin, end]);
  const around: [number, number][] = [[0, 0], rows ?? [0, 0], columns ?? [0, 0], [0, 0]];
  return { image: tf.pad(image, around, value), pad: 'valid' };
}

function isSame({ kernel, stride, dilation, begin, end }: WindowAxis, size: number): boolean {
  const reach = (kernel - 1) * dilation + 1;
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
  return begin === Math.floor(total / 2) && end === Math.ceil(total / 2);
}

export function strides(axes: readonly WindowAxis[]): [number, number] {
  const [rows, columns] = axes;
  return [rows?.stride ?? 1, columns?.stride ?? 1];
}
