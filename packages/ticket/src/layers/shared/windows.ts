import { shapeText } from '@winning-tickets/onnx';
import { z } from 'zod';

/** How a window lies on an image: what convolution and pooling are told. */
export interface WindowSpec {
  readonly kernel: number | readonly number[];
  readonly stride?: number | readonly number[] | undefined;
  readonly padding: 'same' | number | readonly number[];
  readonly dilation?: number | readonly number[] | undefined;
}

/** A window over an image of known size, as operators take it, with the sizes that come out. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Before each axis, then behind each. */
  readonly pads: readonly number[];
  readonly outputSizes: readonly number[];
}

/** A number for all axes, or a list with one for each. */
export const perAxis = (least: number, rank: number) =>
  z.union([z.int().min(least), z.array(z.int().min(least)).length(rank).readonly()]);

/** `same`, a number for all sides, or a list: before each axis, then behind each. */
export const paddingOf = (rank: number) =>
  z.union([
    z.literal('same'),
    z.int().min(0),
    z
      .array(z.int().min(0))
      .length(2 * rank)
      .readonly(),
  ]);

/**
 * Works out windows over an image `[channels, ...sizes]`.
 *
 * `same` pads so that a stride of 1 keeps the sizes, and a stride of s divides them by s, rounded up; an odd element
 * goes behind, as in TensorFlow.
 *
 * @throws Error when the image has another rank, or a window does not fit into it.
 */
export function windowsOver(spec: WindowSpec, inputShape: readonly number[], rank: number): Windows {
  const sizes = inputShape.slice(1);
  if (sizes.length !== rank) {
    const axes = rank === 1 ? '[channels, length]' : '[channels, height, width]';
    throw new Error(`expects an input of shape ${axes}, found ${shapeText(inputShape)}`);
  }
  const each = (value: number | readonly number[]) =>
    typeof value === 'number' ? sizes.map(() => value) : value;
  const kernel = each(spec.kernel);
  const strides = each(spec.stride ?? 1);
  const dilations = each(spec.dilation ?? 1);
  const reach = kernel.map((size, axis) => (dilations[axis] ?? 1) * (size - 1) + 1);
  const pads = padsOf(spec.padding, sizes, reach, strides);
  const padded = sizes.map((size, axis) => size + (pads[axis] ?? 0) + (pads[axis + rank] ?? 0));
  if (padded.some((size, axis) => size < (reach[axis] ?? 1))) {
    throw new Error(
      `expects an input of at least ${shapeText(reach)} for its window, found ${shapeText(sizes)}` +
        (pads.some((pad) => pad > 0) ? `, ${shapeText(padded)} with padding` : ''),
    );
  }
  const outputSizes = padded.map(
    (size, axis) => Math.floor((size - (reach[axis] ?? 1)) / (strides[axis] ?? 1)) + 1,
  );
  return { kernel, strides, dilations, pads, outputSizes };
}

function padsOf(
  padding: WindowSpec['padding'],
  sizes: readonly number[],
  reach: readonly number[],
  strides: readonly number[],
): readonly number[] {
  if (typeof padding === 'number') return [...sizes, ...sizes].map(() => padding);
  if (padding !== 'same') return padding;
  const totals = sizes.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    return Math.max(0, (Math.ceil(size / stride) - 1) * stride + (reach[axis] ?? 1) - size);
  });
  return [...totals.map((total) => Math.floor(total / 2)), ...totals.map((total) => Math.ceil(total / 2))];
}
