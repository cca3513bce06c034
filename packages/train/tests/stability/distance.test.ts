import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, overlap } from '../../src/stability/distance.js';

const maskOf = (bits: readonly number[]) => ({
  w: { dtype: 'uint8' as const, shape: [bits.length], data: Uint8Array.from(bits) },
});
const bit = fc.constantFrom(0, 1);
const pair = fc.array(fc.tuple(bit, bit), { minLength: 1, maxLength: 40 });

describe('the overlap of masks', () => {
  test('is that of a mask with itself 1, of masks without a common weight 0', () => {
    expect(overlap(maskOf([1, 0, 1]), maskOf([1, 0, 1])).shared).toBe(1);
    expect(overlap(maskOf([1, 0, 0]), maskOf([0, 1, 1])).shared).toBe(0);
    expect(overlap(maskOf([0]), maskOf([0]))).toEqual({ shared: 1, byChance: 1 });
  });

  test('is the same from either side, between 0 and 1, and by chance never more than equal masks have', () => {
    fc.assert(
      fc.property(pair, (bits) => {
        const [a, b] = [maskOf(bits.map(([left]) => left)), maskOf(bits.map(([, right]) => right))];
        const own = overlap(a, b);
        expect(overlap(b, a)).toEqual(own);
        expect(own.shared).toBeGreaterThanOrEqual(0);
        expect(own.shared).toBeLessThanOrEqual(1);
        expect(own.byChance).toBeLessThanOrEqual(overlap(a, a).shared);
      }),
    );
  });

  test('by chance is what the mean over all placements gives', () => {
    // Two of four weights each: they share 0, 1 or 2 in 1, 4 and 1 of the 6 placements, 1 in the mean.
    expect(overlap(maskOf([1, 1, 0, 0]), maskOf([0, 1, 1, 0])).byChance).toBeCloseTo(1 / 3);
  });

  test('exists for masks of one network alone', () => {
    expect(() => overlap(maskOf([1]), maskOf([1, 0]))).toThrow('masks of w');
    expect(() => overlap(maskOf([1]), {})).toThrow('masks of w');
  });
});

test('the distance is Euclidean over all tensors', () => {
  const floats = (...data: number[]) => ({
    dtype: 'float32' as const,
    shape: [data.length],
    data: Float32Array.from(data),
  });
  expect(distance({ a: floats(0, 3), b: floats(1) }, { a: floats(0, 0), b: floats(5) })).toBe(5);
});
