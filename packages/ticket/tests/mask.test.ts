import { float32, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mask, Masks } from '../src/index.js';
import {
  applyMask,
  applyMasks,
  density,
  fullMask,
  intersection,
  layerDensities,
  overlap,
  survivors,
  union,
} from '../src/index.js';

const runs = { seed: 1, numRuns: 200 };

const mask = (bits: readonly number[], shape: readonly number[] = [bits.length]): Mask =>
  tensor('uint8', shape, Uint8Array.from(bits));

const bits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 1 }), { minLength: length, maxLength: length });

const masksOf = (a: number, b: number): fc.Arbitrary<Masks> =>
  fc.tuple(bits(a), bits(b)).map(([x, y]) => ({ 'fc1.weight': mask(x), 'fc2.weight': mask(y) }));

const pair = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([a, b]) => fc.tuple(masksOf(a, b), masksOf(a, b)));

const total = (masks: Masks) => Object.values(masks).reduce((sum, one) => sum + survivors(one), 0);

describe('counts', () => {
  it('are exact', () => {
    expect(survivors(mask([1, 0, 1, 1]))).toBe(3);
    expect(survivors(fullMask([300, 100]))).toBe(30_000);
    expect(density({ a: mask([1, 0, 0, 0]), b: mask([1, 1]) })).toBe(0.5);
    expect(layerDensities({ a: mask([1, 0, 0, 0]), b: mask([1, 1]) })).toEqual({ a: 0.25, b: 1 });
  });

  it('say that nothing is pruned where nothing can be', () => {
    expect(density({})).toBe(1);
  });

  it('of intersection and union add up to those of the two', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(total(intersection(a, b)) + total(union(a, b))).toBe(total(a) + total(b));
      }),
      runs,
    );
  });
});

describe('intersection and union', () => {
  it('commute, absorb each other and leave a mask with itself alone', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(intersection(a, b)).toEqual(intersection(b, a));
        expect(union(a, b)).toEqual(union(b, a));
        expect(union(a, intersection(a, b))).toEqual(a);
        expect(intersection(a, union(a, b))).toEqual(a);
        expect(intersection(a, a)).toEqual(a);
      }),
      runs,
    );
  });
});

describe('overlap', () => {
  it('is 1 exactly for equal masks, symmetric, and between 0 and 1', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(overlap(a, a)).toBe(1);
        expect(overlap(a, b)).toBe(overlap(b, a));
        expect(overlap(a, b)).toBeGreaterThanOrEqual(0);
        expect(overlap(a, b) === 1).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      runs,
    );
  });

  it('is kept by both over kept by either', () => {
    expect(overlap({ a: mask([1, 1, 1, 0]) }, { a: mask([0, 1, 1, 1]) })).toBe(0.5);
    expect(overlap({ a: mask([0, 0]) }, { a: mask([0, 0]) })).toBe(1);
  });
});

describe('applying a mask', () => {
  it('makes pruned entries exactly +0 and leaves the others', () => {
    const masked = applyMask(float32([1, -2, NaN, -0, 5]), mask([1, 0, 0, 0, 1]));
    expect([...masked.data].map((value) => (Object.is(value, -0) ? '-0' : value))).toEqual([1, 0, 0, 0, 5]);
  });

  it('twice changes nothing more, and does not write to its input', () => {
    const values = fc.float32Array({ minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(values, bits(8), (data, kept) => {
        const before = tensor('float32', [8], data.slice());
        const once = applyMask(before, mask(kept));
        expect(applyMask(once, mask(kept))).toEqual(once);
        expect(before.data).toEqual(data);
      }),
      runs,
    );
  });

  it('leaves parameters without a mask alone', () => {
    const bias = float32([3]);
    const masked = applyMasks({ w: float32([1, 2]), b: bias }, { w: mask([0, 1]) });
    expect(masked).toEqual({ w: float32([0, 2]), b: bias });
    expect(masked['b']).toBe(bias);
  });
});

describe('masks that do not fit', () => {
  it('are refused, naming the parameter', () => {
    const a = { 'fc1.weight': mask([1, 0], [1, 2]) };
    expect(() => applyMask(float32([1, 2]), mask([1, 0], [1, 2]), 'fc1.weight')).toThrow(
      "the mask of 'fc1.weight' must have shape [2], found [1, 2]",
    );
    expect(() => applyMasks({}, a)).toThrow("'fc1.weight' is missing");
    expect(() => applyMasks({ 'fc1.weight': mask([1, 0], [1, 2]) }, a)).toThrow('must be float32');
    expect(() => union(a, { 'fc1.weight': mask([1, 0], [2, 1]) })).toThrow(
      "the mask of 'fc1.weight' must have shape [1, 2], found [2, 1]",
    );
    expect(() => union(a, {})).toThrow("parameter 'fc1.weight' is masked on one side only");
    expect(() => intersection({}, a)).toThrow("parameter 'fc1.weight' is masked on one side only");
  });
});
