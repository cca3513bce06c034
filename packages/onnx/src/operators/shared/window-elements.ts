import type { GraphBuilder } from '../../builder.js';
import type { Dimension, Value } from '../../graph.js';
import { add } from '../add.js';
import { concat } from '../concat.js';
import { flatten } from '../flatten.js';
import { pad, resized } from '../pad.js';
import { reshape } from '../reshape.js';
import { slice } from '../slice.js';
import { transpose } from '../transpose.js';
import { expandTo } from './broadcasting.js';
import { constantLike } from './constant-like.js';
import type { WindowAxis } from './windows.js';
import { countsOver, windowsReach } from './windows.js';

/**
 * Windows element by element: an image for the first element of every window, one for the second, and so on.
 *
 * Images come in two layouts, told apart by the axis where their sizes begin: 2 in `[batch, channels, ...sizes]`, 1 in
 * `[channels, ...sizes, batch]`. With the batch last, what a slice or a concatenation copies lies together in pieces of
 * a batch or more, whatever the stride; that is worth two transposes where images are small or strides larger than 1.
 */
export type SizesAt = 1 | 2;

/** An image with its batch behind its sizes: `[batch, channels, ...sizes]` to `[channels, ...sizes, batch]`. */
export function batchLast(builder: GraphBuilder, image: Value): Value {
  const [batch = 0, ...rest] = image.shape;
  // Flat: the runtime transposes matrices fast, and does not move such a transpose elsewhere.
  return reshape(builder, transpose(builder, flatten(builder, image, 1), [1, 0]), [...rest, batch]);
}

/** The inverse of `batchLast`. */
export function batchFirst(builder: GraphBuilder, image: Value): Value {
  const batch = image.shape.at(-1) ?? 0;
  const rest = image.shape.slice(0, -1);
  return reshape(builder, transpose(builder, flatten(builder, image, rest.length), [1, 0]), [batch, ...rest]);
}

/** The elements of all windows, row-major within the window; the padding has the given value. */
export function windowElements(
  builder: GraphBuilder,
  image: Value,
  axes: readonly WindowAxis[],
  padding: number,
  sizesAt: SizesAt,
): Value[] {
  const sizes = axes.map((_, axis) => Number(image.shape[axis + sizesAt]));
  const counts = countsOver(sizes, axes);
  const padded = surrounded(builder, image, axes, padding, sizesAt);
  return elementsOf(axes).map((element) => {
    const starts = axes.map(({ dilation }, axis) => (element[axis] ?? 0) * dilation);
    return slice(
      builder,
      padded,
      starts,
      axes.map(({ stride }, axis) => (starts[axis] ?? 0) + ((counts[axis] ?? 0) - 1) * stride + 1),
      axes.map((_, axis) => axis + sizesAt),
      axes.map(({ stride }) => stride),
    );
  });
}

/** An image of the given shape that has at each place the sum of the window elements that lie there. */
export function placed(
  builder: GraphBuilder,
  elements: readonly Value[],
  axes: readonly WindowAxis[],
  shape: readonly Dimension[],
  sizesAt: SizesAt,
): Value {
  // The last axis first: its elements stand next to each other.
  const [image] = axes.reduceRight<readonly Value[]>(
    (parts, window, axis) =>
      chunks(parts, window.kernel).map((along) =>
        placedAlong(builder, along, window, axis + sizesAt, Number(shape[axis + sizesAt])),
      ),
    elements,
  );
  if (!image) throw new Error('windows have one element or more');
  return image;
}

/**
 * The same along one axis. Elements of windows that lie `stride` apart interleave: those at distance 0 from a multiple
 * of the stride, at distance 1, and so on are added up apart, and then take turns. Where windows lie side by side that
 * is a `Concat` and nothing to add.
 */
function placedAlong(
  builder: GraphBuilder,
  elements: readonly Value[],
  window: WindowAxis,
  axis: number,
  size: number,
): Value {
  const { stride, dilation, begin } = window;
  const count = Number(elements[0]?.shape[axis]);
  const turns = Math.ceil(windowsReach(window, count) / stride);
  const shifted = elements.map((element, index) => {
    const shift = Math.floor((index * dilation) / stride);
    return resizedAlong(builder, element, axis, shift, turns - count - shift);
  });
  const phases = Array.from({ length: stride }, (_, phase) => {
    const here = shifted.filter((__, index) => (index * dilation) % stride === phase);
    return here.length === 0 ? undefined : here.reduce((sum, part) => add(builder, sum, part));
  });
  return resizedAlong(
    builder,
    interleaved(builder, phases, axis),
    axis,
    -begin,
    size + begin - turns * stride,
  );
}

/** Values that take turns along an axis, element by element; zeros for one that is left out. */
function interleaved(builder: GraphBuilder, values: readonly (Value | undefined)[], axis: number): Value {
  const like = values.find((value) => value !== undefined);
  if (!like) throw new Error('nothing to interleave');
  if (values.length === 1) return like;
  const zeros = values.includes(undefined)
    ? expandTo(builder, constantLike(builder, like, 0), like)
    : undefined;
  const columns = values.map((value) =>
    reshape(builder, value ?? zeros ?? like, like.shape.toSpliced(axis + 1, 0, 1)),
  );
  const joined = concat(builder, columns, axis + 1);
  return reshape(builder, joined, like.shape.with(axis, Number(like.shape[axis]) * values.length));
}

/** The elements of a window by their places in it, row-major. */
function elementsOf(axes: readonly WindowAxis[]): number[][] {
  return axes.reduce<number[][]>(
    (places, { kernel }) =>
      places.flatMap((place) => Array.from({ length: kernel }, (_, element) => [...place, element])),
    [[]],
  );
}

function surrounded(
  builder: GraphBuilder,
  image: Value,
  axes: readonly WindowAxis[],
  value: number,
  sizesAt: SizesAt,
): Value {
  if (axes.every(({ begin, end }) => begin === 0 && end === 0)) return image;
  const counts = (side: 'begin' | 'end') => image.shape.map((_, axis) => axes[axis - sizesAt]?.[side] ?? 0);
  return pad(builder, image, counts('begin'), counts('end'), value);
}

function resizedAlong(builder: GraphBuilder, x: Value, axis: number, begin: number, end: number): Value {
  const zeros = x.shape.map(() => 0);
  return resized(builder, x, zeros.with(axis, begin), zeros.with(axis, end));
}

/** A list cut into pieces of the given length; the last may be shorter. */
function chunks<T>(list: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, chunk) =>
    list.slice(chunk * length, (chunk + 1) * length),
  );
}
