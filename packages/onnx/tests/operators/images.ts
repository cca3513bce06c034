import fc from 'fast-check';
import { expect } from 'vitest';
import type { Tensor, Value } from '../../src/index.js';
import { add, float32, gradients, mul, reduceSum, sizeOf } from '../../src/index.js';
import type { Build, Input } from './support.js';
import { at, batched, runGraph } from './support.js';

/**
 * Convolution and pooling written out over plain arrays in double precision, as the specification words them, and
 * checks of float32 graphs against them: the runtime has no double kernels for most of these operators.
 */

/** Row-major numbers under a shape. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The windows of a drawn case, everything spelled out. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
}

/** What an operator computes, over plain numbers. */
export type Reference = (...inputs: Numbers[]) => Numbers;

/** Numbers of a shape, each from its place. */
export function filled(shape: readonly number[], element: (place: number[]) => number): Numbers {
  return { shape, data: placesIn(shape).map(element) };
}

/** All places in a shape, row-major. */
function placesIn(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (places, size) =>
      places.flatMap((place) => Array.from({ length: size }, (_, index) => [...place, index])),
    [[]],
  );
}

/** The element at a place; `outside` where there is none. */
function elementAt({ shape, data }: Numbers, place: readonly number[], outside = 0): number {
  let index = 0;
  for (const [axis, size] of shape.entries()) {
    const position = at(place, axis);
    if (position < 0 || position >= size) return outside;
    index = index * size + position;
  }
  return at(data, index);
}

/** Whether a place along the image's axes lies in it rather than in its padding. */
function isInside(sizes: readonly number[], place: readonly number[]): boolean {
  return sizes.every((size, axis) => at(place, axis) >= 0 && at(place, axis) < size);
}

/** Where an element of a window lies in the image. */
function placeUnder(window: readonly number[], element: readonly number[], w: Windows): number[] {
  return window.map(
    (index, axis) =>
      index * at(w.strides, axis) + at(element, axis) * at(w.dilations, axis) - at(w.pads, axis),
  );
}

/** How many windows lie along each axis. */
export function countsOf(sizes: readonly number[], w: Windows): number[] {
  return sizes.map((size, axis) => {
    const padded = size + at(w.pads, axis) + at(w.pads, axis + sizes.length);
    const span = (at(w.kernel, axis) - 1) * at(w.dilations, axis) + 1;
    return Math.floor((padded - span) / at(w.strides, axis)) + 1;
  });
}

export function plainConv(w: Windows, group: number): Reference {
  return (...inputs) => {
    const [x, weights, bias] = [at(inputs, 0), at(inputs, 1), inputs[2]];
    const [batch = 0, , ...sizes] = x.shape;
    const [units = 0, channels = 0] = weights.shape;
    return filled([batch, units, ...countsOf(sizes, w)], ([sample = 0, unit = 0, ...window]) => {
      const first = Math.floor(unit / (units / group)) * channels;
      let sum = bias ? at(bias.data, unit) : 0;
      for (const [channel = 0, ...element] of placesIn([channels, ...w.kernel])) {
        const place = [sample, first + channel, ...placeUnder(window, element, w)];
        sum += elementAt(x, place) * elementAt(weights, [unit, channel, ...element]);
      }
      return sum;
    });
  };
}

export function plainConvTranspose(w: Windows, group: number, outputPadding: readonly number[]): Reference {
  return (...inputs) => {
    const [x, weights, bias] = [at(inputs, 0), at(inputs, 1), inputs[2]];
    const [batch = 0, units = 0, ...counts] = x.shape;
    const channels = at(weights.shape, 1);
    const sizes = counts.map((count, axis) => {
      const span = (at(w.kernel, axis) - 1) * at(w.dilations, axis) + 1;
      const padding = at(w.pads, axis) + at(w.pads, axis + counts.length);
      return (count - 1) * at(w.strides, axis) + span + at(outputPadding, axis) - padding;
    });
    const shape = [batch, channels * group, ...sizes];
    const data = placesIn(shape).map(([, channel = 0]) => (bias ? at(bias.data, channel) : 0));
    for (const [sample = 0, unit = 0, ...window] of placesIn(x.shape)) {
      const first = Math.floor(unit / (units / group)) * channels;
      for (const [channel = 0, ...element] of placesIn([channels, ...w.kernel])) {
        const under = placeUnder(window, element, w);
        if (!isInside(sizes, under)) continue;
        const index = [sample, first + channel, ...under].reduce((i, p, axis) => i * at(shape, axis) + p, 0);
        data[index] =
          at(data, index) +
          elementAt(x, [sample, unit, ...window]) * elementAt(weights, [unit, channel, ...element]);
      }
    }
    return { shape, data };
  };
}

export function plainMaxPool(w: Windows): Reference {
  return pooled(w, (elements) => Math.max(...elements));
}

export function plainAveragePool(w: Windows, countIncludePad: boolean): Reference {
  const all = sizeOf(w.kernel);
  return pooled(
    w,
    (elements) => elements.reduce((a, b) => a + b, 0) / (countIncludePad ? all : elements.length),
  );
}

function pooled(w: Windows, meaning: (elements: readonly number[]) => number): Reference {
  return (x) => {
    const [batch = 0, channels = 0, ...sizes] = x.shape;
    return filled([batch, channels, ...countsOf(sizes, w)], ([sample = 0, channel = 0, ...window]) =>
      meaning(
        placesIn(w.kernel)
          .map((element) => placeUnder(window, element, w))
          .filter((place) => isInside(sizes, place))
          .map((place) => elementAt(x, [sample, channel, ...place])),
      ),
    );
  };
}

/** What a max pooling passes back: each element of `g` to the first maximum of its window. */
export function plainMaxPoolGradient(w: Windows, x: Numbers, g: Numbers): Numbers {
  const sizes = x.shape.slice(2);
  const slope = new Map<string, number>();
  for (const [index, [sample = 0, channel = 0, ...window]] of placesIn(g.shape).entries()) {
    const places = placesIn(w.kernel)
      .map((element) => placeUnder(window, element, w))
      .filter((place) => isInside(sizes, place))
      .map((place) => [sample, channel, ...place]);
    const values = places.map((place) => elementAt(x, place));
    const first = at(places, values.indexOf(Math.max(...values))).join();
    slope.set(first, (slope.get(first) ?? 0) + at(g.data, index));
  }
  return filled(x.shape, (place) => slope.get(place.join()) ?? 0);
}

/** One axis of an image with windows over it. */
interface Axis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  readonly end: number;
  readonly size: number;
}

/** A drawn image of one or two axes, and windows over it. */
export interface ImageWithWindows extends Windows {
  readonly sizes: readonly number[];
}

const axes = fc
  .record({
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    begin: fc.nat(2),
    end: fc.nat(2),
    extra: fc.nat(4),
  })
  .map(({ extra, ...axis }): Axis => {
    const span = (axis.kernel - 1) * axis.dilation + 1;
    return { ...axis, size: Math.max(1, span - axis.begin - axis.end + extra) };
  });

function imagesOf(axis: fc.Arbitrary<Axis>): fc.Arbitrary<ImageWithWindows> {
  return fc
    .integer({ min: 1, max: 2 })
    .chain((rank) => fc.array(axis, { minLength: rank, maxLength: rank }))
    .map((list) => ({
      sizes: list.map(({ size }) => size),
      kernel: list.map(({ kernel }) => kernel),
      strides: list.map(({ stride }) => stride),
      dilations: list.map(({ dilation }) => dilation),
      pads: [...list.map(({ begin }) => begin), ...list.map(({ end }) => end)],
    }));
}

/** Images with windows over them: strides leave remainders, paddings are uneven. */
export const imagesToConvolve = imagesOf(axes);

/** Images whose windows all lie over an element at least. */
export const imagesToPool = imagesOf(
  axes
    .filter(({ kernel, begin, end }) => Math.max(begin, end) < kernel)
    .filter(({ kernel, dilation, begin, end, size }) => {
      const starts = Array.from(
        { length: begin + size + end - (kernel - 1) * dilation },
        (_, i) => i - begin,
      );
      return starts.every((start) =>
        Array.from({ length: kernel }, (_, element) => start + element * dilation).some(
          (place) => place >= 0 && place < size,
        ),
      );
    }),
);

/** Numbers between -1 and 1 that follow from a seed, exact in float32. */
export function numbersFor(shape: readonly number[], seed: number): Numbers {
  let index = seed;
  return filled(shape, () => Math.fround(Math.sin(1 + 3.1 * index++)));
}

/** Numbers that all differ by a tenth or more, in an order that follows from a seed. */
export function distinctNumbersFor(shape: readonly number[], seed: number): Numbers {
  const draws = numbersFor(shape, seed).data;
  const order = draws.map((_, index) => index).sort((a, b) => at(draws, a) - at(draws, b));
  const ranks = order.map((_, index) => order.indexOf(index));
  return { shape, data: ranks.map((rank) => Math.fround(rank / 10 - 1)) };
}

/**
 * Runs a float32 graph, whose first input has a symbolic batch, and compares with the reference: its values; the
 * gradients of a weighted sum of their squares with central differences; and the gradients of these gradients, along
 * some direction, with central differences of differences.
 */
export async function expectLikeReference(
  build: Build,
  reference: Reference,
  inputs: readonly Numbers[],
): Promise<void> {
  const expected = reference(...inputs);
  const weights = numbersFor(expected.shape.slice(1), 5);
  const direction = inputs.map(({ shape }, index) => numbersFor(shape, 100 + index));
  const count = inputs.length;
  const graph: Build = (b, ...values) => {
    const points = values.slice(0, count);
    const y = single(build(b, ...points));
    const loss = reduceSum(b, mul(b, b.constant(tensorOf(weights)), mul(b, y, y)));
    const slopes = gradients(b, loss, points);
    const along = slopes
      .map((slope, index) => reduceSum(b, mul(b, slope, at(values, count + index))))
      .reduce((sum, part) => add(b, sum, part));
    return [y, ...slopes, ...gradients(b, along, points)];
  };
  const [y, ...derivatives] = await runGraph(graph, [...graphInputs(inputs), ...graphInputs(direction)]);
  if (!y) throw new Error('no output');
  expect(y.shape).toEqual(expected.shape);
  expectClose(Array.from(y.data, Number), expected.data, 'values');

  const loss = (point: readonly Numbers[]) => {
    const { data } = reference(...point);
    return data.reduce((sum, value, i) => sum + at(weights.data, i % weights.data.length) * value ** 2, 0);
  };
  const first = (point: readonly Numbers[], along: readonly Numbers[]) =>
    difference(loss, point, along, 1e-4);
  inputs.forEach((input, index) => {
    for (const seed of [1, 2, 3]) {
      const probe = numbersFor(input.shape, 1000 * seed + index);
      const along = inputs.map(({ shape }, other) => (other === index ? probe : filled(shape, () => 0)));
      const slope = at(derivatives, index);
      const curvature = at(derivatives, count + index);
      expect([slope.shape, curvature.shape]).toEqual([input.shape, input.shape]);
      expectClose([dot(slope, probe)], [first(inputs, along)], `gradient of input ${index}`);
      const second = difference((point) => difference(loss, point, direction, 1e-3), inputs, along, 1e-3);
      expectClose([dot(curvature, probe)], [second], `second derivative for input ${index}`);
    }
  });
}

/** Numbers as a float32 tensor. */
export function tensorOf({ shape, data }: Numbers): Tensor<'float32'> {
  return float32(data, shape);
}

// The batch of the first input is not known to the graph; weights are.
function graphInputs(numbers: readonly Numbers[]): Input[] {
  return numbers.map((each, index) => (index === 0 ? batched(tensorOf(each)) : tensorOf(each)));
}

function difference(
  f: (point: readonly Numbers[]) => number,
  point: readonly Numbers[],
  along: readonly Numbers[],
  step: number,
): number {
  const moved = (by: number) =>
    point.map(({ shape, data }, index) => ({
      shape,
      data: data.map((value, k) => value + by * at(at(along, index).data, k)),
    }));
  return (f(moved(step)) - f(moved(-step))) / (2 * step);
}

function dot(a: Tensor, b: Numbers): number {
  return b.data.reduce((sum, value, index) => sum + value * Number(a.data[index]), 0);
}

function expectClose(actual: readonly number[], expected: readonly number[], what: string): void {
  expect(actual).toHaveLength(expected.length);
  const scale = 1 + expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  actual.forEach((value, index) => {
    const error = Math.abs(value - at(expected, index)) / scale;
    expect(error, `${what}: ${value}, expected ${at(expected, index)}`).toBeLessThan(1e-4);
  });
}

function single(built: Value | readonly Value[]): Value {
  return Array.isArray(built) ? at(built as readonly Value[], 0) : (built as Value);
}
