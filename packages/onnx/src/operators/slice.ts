import type { GraphBuilder } from '../builder.js';
import type { Dimension, Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { int64, numbersOf } from '../tensor.js';
import type { Operator } from './operator.js';
import { pad, resized } from './pad.js';
import { reshape } from './reshape.js';
import { constantInts, normalAxis, only, required } from './shared/shapes.js';
import { constantOf } from './shared/stacking.js';

/** What a slice takes of one axis: `count` elements, the first at `start`, each `step` behind the one before. */
interface SliceRange {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/**
 * The part of a value from `starts` to before `ends`, one of each per axis of `axes` (default: the first axes), every
 * `steps`-th element (default 1). As in Python, negative bounds count from the end, bounds outside are moved to the
 * end, and a negative step walks backwards.
 */
export function slice(
  builder: GraphBuilder,
  x: Value,
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[] = starts.map((_, axis) => axis),
  steps?: readonly number[],
): Value {
  const lists = [starts, ends, axes, ...(steps ? [steps] : [])];
  return only(builder.add('Slice', [x, ...lists.map((list) => builder.constant(int64(list)))]));
}

/**
 * Puts the elements of a slice back where they were taken from, zeros elsewhere: the gradient of `slice`.
 *
 * @param ranges what was taken of each axis; `undefined` for all of it.
 * @param shape of the value that was sliced.
 */
function unsliced(
  builder: GraphBuilder,
  part: Value,
  ranges: readonly (SliceRange | undefined)[],
  shape: readonly Dimension[],
): Value {
  const forward = ranges.map((range) => range && forwards(range));
  const inOrder = flipped(
    builder,
    part,
    axesWhere(ranges, ({ step }) => step < 0),
  );
  const spread = spreadOut(builder, inOrder, forward);
  return resized(
    builder,
    spread,
    forward.map((range) => range?.start ?? 0),
    forward.map((range, axis) =>
      range ? Number(shape[axis]) - range.start - Number(spread.shape[axis]) : 0,
    ),
  );
}

/** The same elements from the first to the last. */
function forwards({ start, step, count }: SliceRange): SliceRange {
  return step > 0 ? { start, step, count } : { start: start + (count - 1) * step, step: -step, count };
}

/** The elements of these axes from the last to the first. */
export function flipped(builder: GraphBuilder, x: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return x;
  const last = axes.map(() => -1);
  const beyond = axes.map((axis) => -Number(x.shape[axis]) - 1);
  return slice(builder, x, last, beyond, axes, last);
}

/** Zeros between the elements of each axis with a step, and behind the last. */
function spreadOut(builder: GraphBuilder, x: Value, ranges: readonly (SliceRange | undefined)[]): Value {
  const strided = axesWhere(ranges, ({ step, count }) => step > 1 && count > 1);
  if (strided.length === 0) return x;
  const step = (axis: number) => (strided.includes(axis) ? (ranges[axis]?.step ?? 1) : 1);
  const columns = reshape(
    builder,
    x,
    x.shape.flatMap((size, axis) => (strided.includes(axis) ? [size, 1] : [size])),
  );
  const zeros = x.shape.flatMap((_, axis) => (strided.includes(axis) ? [0, step(axis) - 1] : [0]));
  const padded = pad(
    builder,
    columns,
    zeros.map(() => 0),
    zeros,
  );
  return reshape(
    builder,
    padded,
    x.shape.map((size, axis) => (typeof size === 'number' ? size * step(axis) : size)),
  );
}

function axesWhere(
  ranges: readonly (SliceRange | undefined)[],
  holds: (range: SliceRange) => boolean,
): number[] {
  return ranges.flatMap((range, axis) => (range && holds(range) ? [axis] : []));
}

export const sliceOperator: Operator = {
  op: 'Slice',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const x = required(context, 0);
    const [starts = [], ends = [], axes, steps] = [1, 2, 3, 4].map((index) => constantInts(context, index));
    const ranges = rangesOf(x, starts, ends, axes, steps);
    return [{ dtype: x.dtype, shape: x.shape.map((size, axis) => ranges[axis]?.count ?? size) }];
  },
  gradient: ({ builder, inputs: [x, ...lists], gradients: [g] }) => {
    if (!g || !x) return [undefined];
    const [starts = [], ends = [], axes, steps] = lists.map((list) => {
      const numbers = list && builder.constantOf(list);
      return numbers && numbersOf(numbers);
    });
    return [unsliced(builder, g, rangesOf(x, starts, ends, axes, steps), x.shape)];
  },
  stack: (context) => {
    const [x, starts, ends, axes, steps] = context.inputs;
    const from = constantOf(context, starts);
    const to = constantOf(context, ends);
    if (!x || !from || !to) return [];
    const along = constantOf(context, axes) ?? from.map((_, axis) => axis);
    const behind = along.map((axis) => normalAxis('Slice', axis, x.rank) + 1);
    return [slice(context.builder, x.value, from, to, behind, constantOf(context, steps))];
  },
};

/** What a slice takes of each axis. @throws Error when the lists do not fit each other or the value. */
function rangesOf(
  x: Value,
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[] = starts.map((_, axis) => axis),
  steps: readonly number[] = starts.map(() => 1),
): (SliceRange | undefined)[] {
  const rank = x.shape.length;
  const sliced = axes.map((axis) => normalAxis('Slice', axis, rank));
  const lists = [starts, ends, axes, steps];
  if (lists.some((list) => list.length !== starts.length) || new Set(sliced).size !== sliced.length) {
    throw new Error(
      `Slice: starts ${shapeText(starts)}, ends ${shapeText(ends)}, axes ${shapeText(axes)} and ` +
        `steps ${shapeText(steps)}, expected one of each per axis`,
    );
  }
  return x.shape.map((size, axis) => {
    const place = sliced.indexOf(axis);
    if (place < 0) return undefined;
    const step = steps[place] ?? 1;
    if (typeof size === 'string' || step === 0) {
      throw new Error(
        `Slice: axis ${axis} of '${x.name}' ${shapeText(x.shape)} in steps of ${step}, ` +
          'expected a known size and a step other than 0',
      );
    }
    return rangeOf(size, starts[place] ?? 0, ends[place] ?? 0, step);
  });
}

/** The specification's clamping: a slice that walks backwards may end before the first element. */
function rangeOf(size: number, from: number, to: number, step: number): SliceRange {
  const clamp = (bound: number, least: number, most: number) =>
    Math.min(Math.max(bound < 0 ? bound + size : bound, least), most);
  const start = step > 0 ? clamp(from, 0, size) : clamp(from, 0, size - 1);
  const end = step > 0 ? clamp(to, 0, size) : clamp(to, -1, size - 1);
  return { start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
}
