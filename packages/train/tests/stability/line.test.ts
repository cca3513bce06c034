import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barrier } from '../../src/stability/barrier.js';
import { pointBetween, shares } from '../../src/stability/line.js';

const floats = fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 1, maxLength: 8 });
const network = (values: readonly number[]) => ({
  w: { dtype: 'float32' as const, shape: [values.length], data: Float32Array.from(values) },
});

describe('the line between two networks', () => {
  test('begins at the one and ends at the other, bit for bit', () => {
    fc.assert(
      fc.property(floats, (values) => {
        const [a, b] = [network(values), network(values.map((value) => value + 1))];
        expect(pointBetween(a, b, 0)).toEqual(a);
        expect(pointBetween(a, b, 1)).toEqual(b);
      }),
    );
  });

  test('goes evenly, and is the same from either side', () => {
    const [a, b] = [network([0, 10]), network([4, -10])];
    expect(pointBetween(a, b, 0.25)).toEqual(network([1, 5]));
    expect(pointBetween(b, a, 0.75)).toEqual(network([1, 5]));
  });

  test('exists between networks of the same tensors alone', () => {
    expect(() => pointBetween(network([1]), network([1, 2]), 0.5)).toThrow(RangeError);
    expect(() => pointBetween(network([1]), {}, 0.5)).toThrow(RangeError);
    expect(() => pointBetween(network([1]), { v: network([1]).w }, 0.5)).toThrow("'w'");
  });

  test('is seen at evenly spaced shares with both ends', () => {
    expect(shares(5)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(() => shares(1)).toThrow(RangeError);
  });
});

describe('the barrier', () => {
  const line = (...values: number[]) =>
    values.map((value, index) => ({ alpha: index / (values.length - 1), value }));

  test('is what the worst network on the line lacks of the mean of the ends', () => {
    expect(barrier(line(0.1, 0.5, 0.3))).toBeCloseTo(0.3);
  });

  test('is none where the line sinks or rises steadily from equal ends', () => {
    expect(barrier(line(0.2, 0.1, 0.2))).toBe(0);
  });

  test('does not change when all scores rise together, nor with the direction', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2 }), (values) => {
        const own = barrier(line(...values));
        expect(barrier(line(...values.map((value) => value + 1)))).toBeCloseTo(own, 9);
        expect(barrier(line(...values.toReversed()))).toBeCloseTo(own, 9);
        expect(own).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('needs both ends', () => {
    expect(() => barrier([{ alpha: 0, value: 1 }])).toThrow('both ends');
  });
});
