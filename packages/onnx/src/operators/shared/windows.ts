import type { Attributes, Dimension, Value } from '../../graph.js';
import { shapeText } from '../../graph.js';
import type { InferContext, OutputType } from '../operator.js';
import { intAttribute, intsAttribute, required, stringAttribute } from './shapes.js';

/**
 * Windows that move over images, which convolution and pooling share. An image is `[batch, channels, ...sizes]` with one
 * or two axes of sizes; "axes" here are those alone. Sizes are known numbers, the batch may be symbolic.
 */

export interface WindowOptions {
  /** How far a window lies from the next, per axis; default 1. */
  readonly strides?: readonly number[];
  /** Padding before each axis, then after each; default 0. */
  readonly pads?: readonly number[];
  /** How far an element of the window lies from the next, per axis; default 1. */
  readonly dilations?: readonly number[];
}

/** The windows along one axis of an image. */
export interface WindowAxis {
  /** Elements of a window. */
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before the image. */
  readonly begin: number;
  /** Padding after the image. */
  readonly end: number;
}

/** Options as attributes; what is left out stays out. */
export function windowAttributes({ strides, pads, dilations }: WindowOptions): Attributes {
  return {
    ...(strides ? { strides: { ints: strides } } : {}),
    ...(pads ? { pads: { ints: pads } } : {}),
    ...(dilations ? { dilations: { ints: dilations } } : {}),
  };
}

/** The options of windows given axis by axis. */
export function windowOptions(axes: readonly WindowAxis[]): Required<WindowOptions> {
  return {
    strides: axes.map(({ stride }) => stride),
    pads: [...axes.map(({ begin }) => begin), ...axes.map(({ end }) => end)],
    dilations: axes.map(({ dilation }) => dilation),
  };
}

/** The windows of a kernel, axis by axis. @throws Error when an attribute does not fit its rank. */
export function windowAxes(op: string, attributes: Attributes, kernel: readonly number[]): WindowAxis[] {
  const rank = kernel.length;
  const strides = integers(op, attributes, 'strides', rank, 1);
  const dilations = integers(op, attributes, 'dilations', rank, 1);
  const pads = integers(op, attributes, 'pads', 2 * rank, 0);
  const padding = stringAttribute(attributes, 'auto_pad', 'NOTSET');
  if (padding !== 'NOTSET') {
    throw new Error(`${op}: auto_pad is '${padding}', expected its padding as pads`);
  }
  return kernel.map((size, axis) => ({
    kernel: size,
    stride: strides[axis] ?? 1,
    dilation: dilations[axis] ?? 1,
    begin: pads[axis] ?? 0,
    end: pads[axis + rank] ?? 0,
  }));
}

/** An attribute of so many whole numbers, none below its default. */
export function integers(
  op: string,
  attributes: Attributes,
  name: string,
  count: number,
  least: number,
): readonly number[] {
  const numbers = intsAttribute(attributes, name) ?? Array.from({ length: count }, () => least);
  if (numbers.length !== count || !numbers.every((number) => Number.isInteger(number) && number >= least)) {
    throw new Error(
      `${op}: ${name} are ${shapeText(numbers)}, expected ${count} whole numbers of ${least} or more`,
    );
  }
  return numbers;
}

/** The sizes of an image behind its batch and channels. @throws Error unless they are one or two known numbers. */
export function imageSizes(op: string, image: Value): number[] {
  const sizes = image.shape.slice(2).filter((size) => typeof size === 'number');
  if (image.shape.length < 3 || image.shape.length > 4 || sizes.length !== image.shape.length - 2) {
    throw new Error(
      `${op}: '${image.name}' has shape ${shapeText(image.shape)}, ` +
        'expected batch, channels and one or two known sizes',
    );
  }
  return sizes;
}

/** How many elements of the image a window reaches over. */
function windowSpan({ kernel, dilation }: WindowAxis): number {
  return (kernel - 1) * dilation + 1;
}

/** How many elements all windows together reach over, padding included. */
export function windowsReach(window: WindowAxis, count: number): number {
  return (count - 1) * window.stride + windowSpan(window);
}

/** How many windows lie along each axis of an image. @throws Error when not even one fits. */
export function windowCounts(op: string, image: Value, axes: readonly WindowAxis[]): number[] {
  const sizes = imageSizes(op, image);
  if (sizes.length !== axes.length) {
    throw new Error(
      `${op}: '${image.name}' has shape ${shapeText(image.shape)}, ` +
        `expected ${axes.length} sizes behind batch and channels for a kernel ` +
        shapeText(axes.map(({ kernel }) => kernel)),
    );
  }
  const padded = axes.map(({ begin, end }, axis) => (sizes[axis] ?? 0) + begin + end);
  const spans = axes.map(windowSpan);
  if (spans.some((span, axis) => span > (padded[axis] ?? 0))) {
    throw new Error(
      `${op}: the kernel spans ${shapeText(spans)}, more than '${image.name}', ${shapeText(padded)} with its padding`,
    );
  }
  return countsOver(sizes, axes);
}

/** How many windows lie along each axis of an image of these sizes. */
export function countsOver(sizes: readonly number[], axes: readonly WindowAxis[]): number[] {
  return axes.map(
    (axis, index) =>
      Math.floor(((sizes[index] ?? 0) + axis.begin + axis.end - windowSpan(axis)) / axis.stride) + 1,
  );
}

/** The windows of a pooling operator. */
export function poolingAxes(op: string, attributes: Attributes): WindowAxis[] {
  const kernel = intsAttribute(attributes, 'kernel_shape') ?? [];
  integers(op, attributes, 'kernel_shape', kernel.length, 1);
  return windowAxes(op, attributes, kernel);
}

/** Shape rule of pooling: an element per channel and window. */
export function pooledOutput({ op, inputs, attributes }: InferContext): OutputType[] {
  const image = required({ op, inputs }, 0);
  const axes = poolingAxes(op, attributes);
  if (intAttribute(attributes, 'ceil_mode', 0) !== 0) {
    throw new Error(`${op}: ceil_mode is 1, expected 0: windows that lie within the padded image`);
  }
  const counts = windowCounts(op, image, axes);
  if (axes.some(({ kernel, begin, end }) => Math.max(begin, end) >= kernel)) {
    // Such a window may lie in the padding altogether; runtimes refuse it.
    throw new Error(
      `${op}: pads are ${shapeText(windowOptions(axes).pads)}, expected less than the kernel ` +
        shapeText(axes.map(({ kernel }) => kernel)),
    );
  }
  return [{ dtype: image.dtype, shape: [...image.shape.slice(0, 2), ...counts] }];
}

/** Shape rule of pooling over the whole image: one element per channel. */
export function globallyPooledOutput({ op, inputs }: InferContext): OutputType[] {
  const image = required({ op, inputs }, 0);
  const ones = imageSizes(op, image).map((): Dimension => 1);
  return [{ dtype: image.dtype, shape: [...image.shape.slice(0, 2), ...ones] }];
}
