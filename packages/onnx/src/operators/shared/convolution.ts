import type { GraphBuilder } from '../../builder.js';
import type { Attributes, Value } from '../../graph.js';
import { shapeText } from '../../graph.js';
import { sizeOf } from '../../tensor.js';
import { concat } from '../concat.js';
import { conv } from '../conv.js';
import { convTranspose } from '../conv-transpose.js';
import { flatten } from '../flatten.js';
import { gemm } from '../gemm.js';
import { matMul } from '../matmul.js';
import { reduceSum } from '../reduce-sum.js';
import { reshape } from '../reshape.js';
import { flipped } from '../slice.js';
import { transpose } from '../transpose.js';
import { expectRank, expectSameDType, intAttribute } from './shapes.js';
import { batchLast, windowElements } from './window-elements.js';
import type { WindowAxis, WindowOptions } from './windows.js';
import {
  imageSizes,
  integers,
  windowAttributes,
  windowAxes,
  windowOptions,
  windowsReach,
} from './windows.js';

/**
 * What a convolution and its transpose share. Both tie an image `[batch, group·channels, ...sizes]` to a signal
 * `[batch, units, ...counts]`, an element for every window over the image, by weights `[units, channels, ...kernel]`:
 * `Conv` makes the signal of the image, `ConvTranspose` the image of the signal. Units and channels are divided into
 * `group` groups, which know nothing of each other.
 */

export interface ConvOptions extends WindowOptions {
  /** Groups of channels that are convolved apart; default 1. */
  readonly group?: number;
}

export function convolutionAttributes(options: ConvOptions): Attributes {
  const { group = 1 } = options;
  return { ...windowAttributes(options), ...(group === 1 ? {} : { group: { int: group } }) };
}

/** What is known of a convolution from its attributes and the shape of its weights. */
export interface Convolution {
  readonly axes: WindowAxis[];
  readonly group: number;
  readonly units: number;
  /** Channels of each group. */
  readonly channels: number;
}

/** A call's convolution. @throws Error when an attribute does not fit the weights. */
export function convolutionOf(op: string, attributes: Attributes, weights: Value): Convolution {
  const kernel = imageSizes(op, weights);
  const stated = integers(op, attributes, 'kernel_shape', kernel.length, 1);
  if (attributes['kernel_shape'] && shapeText(stated) !== shapeText(kernel)) {
    throw new Error(
      `${op}: kernel_shape is ${shapeText(stated)}, expected that of '${weights.name}' ${shapeText(weights.shape)}`,
    );
  }
  const [units, channels] = weights.shape;
  if (typeof units !== 'number' || typeof channels !== 'number') {
    throw new Error(
      `${op}: weights '${weights.name}' have shape ${shapeText(weights.shape)}, expected known sizes`,
    );
  }
  const group = intAttribute(attributes, 'group', 1);
  if (!Number.isInteger(group) || group < 1 || units % group !== 0) {
    throw new Error(
      `${op}: ${group} groups do not divide axis 0 of '${weights.name}' ${shapeText(weights.shape)}`,
    );
  }
  return { axes: windowAxes(op, attributes, kernel), group, units, channels };
}

/** @throws Error unless the input and the weights have one dtype and the input has the channels that fit them. */
export function expectChannels(op: string, x: Value, weights: Value, expected: number): void {
  expectSameDType(op, x, weights);
  if (x.shape[1] !== expected) {
    throw new Error(
      `${op}: '${x.name}' ${shapeText(x.shape)} has ${x.shape[1] ?? 'no'} channels, ` +
        `expected ${expected} for '${weights.name}' ${shapeText(weights.shape)}`,
    );
  }
}

/** @throws Error unless a bias that is given is a vector of so many numbers. */
export function expectBias(op: string, weights: Value, bias: Value | undefined, channels: number): void {
  if (!bias) return;
  expectSameDType(op, weights, bias);
  expectRank(op, bias, 1);
  if (bias.shape[0] !== channels) {
    throw new Error(`${op}: '${bias.name}' has shape ${shapeText(bias.shape)}, expected [${channels}]`);
  }
}

/**
 * The gradient for the image of a convolution: the transposed convolution of that for its signal.
 *
 * Where windows lie side by side and there are no more units than channels, it is a convolution by the flipped weights
 * instead, which takes 0.8 of the time: the runtime then spreads out the units rather than the channels.
 */
export function imageGradient(
  builder: GraphBuilder,
  image: Value,
  gradient: Value,
  weights: Value,
  convolution: Convolution,
): Value {
  const { axes, group, units, channels } = convolution;
  const within = axes.map(({ kernel, dilation }) => (kernel - 1) * dilation);
  const fits = axes.every(
    ({ stride, begin, end }, axis) => stride === 1 && Math.max(begin, end) <= (within[axis] ?? 0),
  );
  if (fits && group === 1 && units <= channels) {
    const pads = (side: 'begin' | 'end') => axes.map((axis, index) => (within[index] ?? 0) - axis[side]);
    const options = { pads: [...pads('begin'), ...pads('end')], dilations: windowOptions(axes).dilations };
    const kernelAxes = axes.map((_, axis) => axis + 2);
    // Units and channels in each other's place, and the kernel back to front.
    const backwards = transpose(builder, flipped(builder, weights, kernelAxes), [1, 0, ...kernelAxes]);
    return conv(builder, gradient, backwards, undefined, options);
  }
  const sizes = imageSizes('Conv', image);
  const counts = imageSizes('Conv', gradient);
  // What lies behind the last window.
  const outputPadding = axes.map(
    (axis, index) => (sizes[index] ?? 0) + axis.begin + axis.end - windowsReach(axis, counts[index] ?? 0),
  );
  const options = { ...windowOptions(axes), group, outputPadding };
  return convTranspose(builder, gradient, weights, undefined, options);
}
/** Up to so many channels times elements of the kernel, all window elements are multiplied at once. */
const ROWS_AT_ONCE = 160;

/**
 * The gradient for the weights: each is the sum, over the batch and all windows, of a signal element times the image
 * element under it. (It is also a convolution with batch and channels in each other's place, for which the runtime takes
 * up to twice as long.)
 */
export function weightGradient(
  builder: GraphBuilder,
  image: Value,
  signal: Value,
  convolution: Convolution,
): Value {
  const { axes, group, units, channels } = convolution;
  const kernel = axes.map((axis) => axis.kernel);
  const few = group === 1 && channels * sizeOf(kernel) <= ROWS_AT_ONCE;
  const products = few
    ? atOnce(builder, image, signal, axes)
    : elementByElement(builder, image, signal, convolution);
  const byElement = reshape(builder, products, [group, sizeOf(kernel), channels, units / group]);
  return reshape(builder, transpose(builder, byElement, [0, 3, 2, 1]), [units, channels, ...kernel]);
}

// One product over the batch and all windows: the window elements of every channel, below each other, by the units.
// Takes memory for a copy of the image per element of the kernel.
function atOnce(builder: GraphBuilder, image: Value, signal: Value, axes: readonly WindowAxis[]): Value {
  const elements = concat(builder, windowElements(builder, batchLast(builder, image), axes, 0, 1), 0);
  const rows = flatten(builder, elements, 1);
  const columns = flatten(builder, batchLast(builder, signal), 1);
  return gemm(builder, rows, columns, undefined, { transB: true });
}

// For each element of the kernel a product, channels by units, for every sample.
function elementByElement(
  builder: GraphBuilder,
  image: Value,
  signal: Value,
  { axes, group, units, channels }: Convolution,
): Value {
  const [batch = 0] = image.shape;
  const count = sizeOf(imageSizes('Conv', signal));
  const grouped = reshape(builder, signal, [batch, group, units / group, count]);
  const columns = transpose(builder, grouped, [0, 1, 3, 2]);
  const products = windowElements(builder, image, axes, 0, 2).map((element) => {
    const rows = reshape(builder, element, [batch, group, channels, count]);
    return reduceSum(builder, matMul(builder, rows, columns), [0]);
  });
  return concat(builder, products, 1);
}

/** The gradient for the bias: it was added to every element of its channel. */
export function biasGradient(builder: GraphBuilder, gradient: Value): Value {
  return reduceSum(builder, gradient, [0, ...gradient.shape.slice(2).map((_, axis) => axis + 2)]);
}
