import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dimension, Tensor, Value } from '../../src/index.js';
import {
  add,
  dropoutMask,
  float32,
  gather,
  gradients,
  int64,
  loop,
  mul,
  sizeOf,
  tensor,
} from '../../src/index.js';
import type { Build } from './support.js';
import { at, batched, counting, float64, runGraph, shapeOf, valuesOf } from './support.js';

const prime = 2n ** 30n - 35n;
const constants = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43].map((n) =>
  BigInt(Math.floor((Math.sqrt(n) % 1) * Number(prime))),
);
const modulo = (number: bigint) => ((number % prime) + prime) % prime;

const mask =
  (rate: number): Build =>
  (b, like, seed) =>
    dropoutMask(b, like, { rate, seed });

const whole = (seed: number) => int64([seed], []);

/** The mask worked out element by element: 1 where it is kept. */
function reference(shape: readonly number[], rate: number, seed: number): number[] {
  const start = modulo(BigInt(seed));
  const keys = constants
    .slice(0, 7)
    .map((factor, index) => modulo(start * factor + at(constants, index + 7)));
  const rounds = (x: bigint, from: number, to: number) =>
    keys.slice(from, to).reduce((state, key) => modulo((state + key) ** 3n), x);
  const columns = sizeOf(shape.slice(1));
  const threshold = BigInt(Math.round(rate * Number(prime)));
  return Array.from({ length: sizeOf(shape) }, (_, index) => {
    const factor = rounds(BigInt(Math.floor(index / columns)), 0, 3);
    const column = rounds(BigInt(index % columns), 4, 7);
    return modulo(factor * column + rounds(factor, 3, 4)) >= threshold ? 1 : 0;
  });
}

/** 1 where an element is kept. */
async function keptOf(shape: readonly number[], rate: number, seed: number): Promise<number[]> {
  const like = tensor('float32', shape, new Float32Array(sizeOf(shape)));
  return (await valuesOf(mask(rate), like, whole(seed))).map((value) => (value > 0 ? 1 : 0));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], meanX: number, y: readonly number[], meanY: number) =>
    x.reduce((sum, value, index) => sum + (value - meanX) * (at(y, index) - meanY), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
}

describe('the mask', () => {
  test('is the function of seed and position that is written out here', async () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    const seeds = fc.oneof(fc.integer(), fc.maxSafeInteger());
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        seeds,
        async (shape, rate, seed) => {
          expect(await keptOf(shape, rate, seed)).toEqual(reference(shape, rate, seed));
        },
      ),
      { seed: 1, numRuns: 30 },
    );
  });

  test('is the same where sizes are known only at run time, in either precision and for either seed', async () => {
    const shape = [5, 3, 2];
    const expected = reference(shape, 0.4, 7).map((kept) => kept / 0.6);
    const symbolic: readonly (readonly Dimension[])[] = [
      ['batch', 3, 2],
      [5, 'words', 2],
      ['batch', 'words', 'units'],
    ];
    for (const declared of symbolic) {
      const like = { tensor: float64(Array<number>(30).fill(NaN), shape), declared };
      expect(await valuesOf(mask(0.4), like, whole(7))).toEqual(expected);
    }
    const seed = tensor('int32', [], Int32Array.of(7));
    const single = await valuesOf(mask(0.4), counting('float32', shape), seed);
    expect(single).toEqual(expected.map(Math.fround));
  });

  test('of an element does not depend on the size of the batch', async () => {
    const large = await keptOf([9, 20], 0.5, 3);
    expect(await keptOf([4, 20], 0.5, 3)).toEqual(large.slice(0, 80));
  });

  test('is empty for an empty batch', async () => {
    expect(await valuesOf(mask(0.5), batched(float32([], [0, 3])), whole(1))).toEqual([]);
  });

  test('keeps all at rate 0', async () => {
    expect(new Set(await valuesOf(mask(0), counting('float32', [50, 4]), whole(1)))).toEqual(new Set([1]));
  });

  test('is another one at each iteration of a loop whose seeds are', async () => {
    const build: Build = (b, x, seeds) => {
      const { scans } = loop(b, b.constant(int64([3], [])), [x], (body, step, [state]) => {
        const like = state ?? x;
        const scale = dropoutMask(body, like, { rate: 0.5, seed: gather(body, seeds, step) });
        return { states: [mul(body, like, scale)], scans: [scale] };
      });
      return scans;
    };
    const masks = await valuesOf(build, batched(counting('float32', [4, 5])), int64([8, 9, 8]));
    const expected = [8, 9, 8].flatMap((seed) => reference([4, 5], 0.5, seed).map((kept) => 2 * kept));
    expect(masks).toEqual(expected);
  });

  test('is a constant to differentiation', async () => {
    const slopes = await runGraph(
      (b, x, seed) => {
        const scale = dropoutMask(b, x, { rate: 0.5, seed });
        const dropped = mul(b, x, scale);
        return [scale, ...gradients(b, add(b, dropped, x), [x])];
      },
      [counting('float64', [3, 4]), whole(1)],
    );
    const [scale, slope] = slopes.map(({ data }) => Array.from(data as Float64Array));
    expect(slope).toEqual(scale?.map((value) => value + 1));
  });
});

// Bounds are five standard deviations of independent elements: one in two million is further off by chance.
describe('as random numbers', () => {
  const shape = [64, 500];
  const count = sizeOf(shape);
  const rates = [0.1, 0.25, 0.5, 0.9];
  const seeds = [0, 1, 2, 1000, -1, 2 ** 31];
  const ofMean = (rate: number) => 5 * Math.sqrt((rate * (1 - rate)) / count);
  const ofCorrelation = 5 / Math.sqrt(count);

  test.each(rates)('the share of elements kept at rate %d is as wanted, the mean is 1', async (rate) => {
    for (const seed of seeds) {
      const like: Tensor = { dtype: 'float32', shape, data: new Float32Array(count) };
      const values = await valuesOf(mask(rate), like, whole(seed));
      const kept = values.filter((value) => value > 0).length / count;
      const mean = values.reduce((sum, value) => sum + value, 0) / count;
      expect(Math.abs(kept - (1 - rate)), `seed ${seed}`).toBeLessThan(ofMean(rate));
      expect(Math.abs(mean - 1), `seed ${seed}`).toBeLessThan(ofMean(rate) / (1 - rate));
    }
  });

  test('rows and columns are dropped as often as others', async () => {
    const masks = await Promise.all(seeds.map((seed) => keptOf(shape, 0.5, seed)));
    const shares = masks.flatMap((kept) => [
      ...Array.from({ length: 64 }, (_, row) => kept.slice(row * 500, (row + 1) * 500)),
      ...Array.from({ length: 500 }, (_, column) => kept.filter((_each, index) => index % 500 === column)),
    ]);
    for (const part of shares) {
      const share = part.reduce((sum, value) => sum + value, 0) / part.length;
      expect(Math.abs(share - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(part.length));
    }
  });

  test.each(rates)('masks of different seeds are not correlated at rate %d', async (rate) => {
    const masks = await Promise.all(seeds.map((seed) => keptOf(shape, rate, seed)));
    masks.forEach((a, index) => {
      for (const b of masks.slice(index + 1)) {
        expect(Math.abs(correlation(a, b))).toBeLessThan(ofCorrelation);
      }
    });
  });

  test.each(rates)('neighbours are not correlated at rate %d, along either axis', async (rate) => {
    for (const seed of seeds) {
      const kept = await keptOf(shape, rate, seed);
      for (const distance of [1, 2, 3, 499, 500, 501, 1000]) {
        const pair = correlation(kept.slice(distance), kept.slice(0, -distance));
        expect(Math.abs(pair), `seed ${seed}, ${distance} apart`).toBeLessThan(ofCorrelation);
      }
    }
  });

  test('the corners of rectangles, and three in a row, are not correlated', async () => {
    for (const seed of seeds) {
      const signs = (await keptOf(shape, 0.5, seed)).map((kept) => 2 * kept - 1);
      for (const places of [
        [0, 1, 500, 501],
        [0, 7, 3500, 3507],
        [0, 1, 2],
        [0, 500, 1000],
      ]) {
        const products = signs
          .slice(0, -3507)
          .map((_, index) => places.reduce((product, place) => product * at(signs, index + place), 1));
        const mean = products.reduce((sum, product) => sum + product, 0) / products.length;
        expect(Math.abs(mean), `seed ${seed}, ${places.join()}`).toBeLessThan(5 / Math.sqrt(products.length));
      }
    }
  });
});

test('dropoutMask refuses a rate of 1, a seed that is no whole scalar, and a value without axes', () => {
  const at1: Build = mask(1);
  expect(() => shapeOf(at1, ['float32', 2], ['int64'])).toThrow(
    'dropoutMask: rate is 1, expected from 0 to below 1',
  );
  const seeded = (seed: [Value['dtype'], ...Dimension[]]) => () => shapeOf(mask(0.5), ['float32', 2], seed);
  expect(seeded(['float32'])).toThrow("dropoutMask: 'input1' has dtype float32, expected int32 or int64");
  expect(seeded(['int64', 1])).toThrow("dropoutMask: 'input1' has shape [1], expected rank 0");
  expect(() => shapeOf(mask(0.5), ['float32'], ['int64'])).toThrow(
    "dropoutMask: 'input0' has shape [], expected rank 1 or more",
  );
  expect(() => shapeOf(mask(0.5), ['int32', 2], ['int64'])).toThrow(
    "dropoutMask: 'input0' has dtype int32, expected float32 or float64",
  );
});
