import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bootstrapInterval } from '../../src/claims/bootstrap.js';
import { estimators, type Pair } from '../../src/claims/estimators.js';
import { studentT95 } from '../../src/claims/student-t.js';
import { stream } from '../../src/rng.js';

const pairsOf = (...pairs: readonly (readonly [number, number])[]): Pair[] =>
  pairs.map(([value, reference]) => ({ value, reference }));

const positive = fc.double({ min: 1, max: 2, noNaN: true });
const somePairs = fc.array(fc.record({ value: positive, reference: positive }), {
  minLength: 4,
  maxLength: 12,
});

test("Student's points are those of the tables", () => {
  expect([1, 4, 30, 40, 120].map((degrees) => Number(studentT95(degrees).toFixed(3)))).toEqual([
    12.706, 2.776, 2.042, 2.021, 1.98,
  ]);
});

describe('an interval', () => {
  test('of a difference is that of a paired t-test', () => {
    // Differences 1, 2, 3: mean 2, standard error 1/√3, two degrees of freedom.
    const { low = NaN, high = NaN } = estimators.difference.interval(pairsOf([2, 1], [4, 2], [6, 3])) ?? {};
    expect(low).toBeCloseTo(2 - 4.3027 / Math.sqrt(3), 6);
    expect(high).toBeCloseTo(2 + 4.3027 / Math.sqrt(3), 6);
  });

  test('of a ratio of means has ends r at which the t-test of value - r · reference is at its point', () => {
    fc.assert(
      fc.property(somePairs, (pairs) => {
        const interval = estimators['ratio-of-means'].interval(pairs);
        fc.pre(interval !== undefined && interval.high - interval.low > 1e-3);
        for (const ratio of [interval.low, interval.high]) {
          const scaled = pairs.map(({ value, reference }) => ({ value, reference: ratio * reference }));
          const { low = NaN, high = NaN } = estimators.difference.interval(scaled) ?? {};
          expect(Math.min(Math.abs(low), Math.abs(high))).toBeLessThan(1e-6);
        }
      }),
    );
  });

  test('contains its effect', () => {
    fc.assert(
      fc.property(somePairs, fc.constantFrom(...Object.values(estimators)), (pairs, estimator) => {
        const interval = estimator.interval(pairs);
        fc.pre(interval !== undefined);
        expect(interval.low).toBeLessThanOrEqual(estimator.effect(pairs) + 1e-9);
        expect(interval.high).toBeGreaterThanOrEqual(estimator.effect(pairs) - 1e-9);
      }),
    );
  });

  test('needs two trials, and a ratio a denominator', () => {
    for (const estimator of Object.values(estimators)) {
      expect(estimator.interval(pairsOf([1, 2]))).toBeUndefined();
    }
    expect(estimators['mean-of-ratios'].interval(pairsOf([1, 0], [1, 2]))).toBeUndefined();
    expect(estimators['ratio-of-means'].interval(pairsOf([1, -1], [1, 1]))).toBeUndefined();
  });
});

test('a ratio of means and a mean of ratios are different numbers', () => {
  const pairs = pairsOf([100, 200], [900, 300]);
  expect(estimators['ratio-of-means'].effect(pairs)).toBe(2);
  expect(estimators['mean-of-ratios'].effect(pairs)).toBe(1.75);
});

describe('the bootstrap', () => {
  const { effect } = estimators.difference;

  test('stays within the smallest and largest difference, and draws the same from the same stream', () => {
    const pairs = pairsOf([2, 1], [4, 2], [6, 3], [5, 1]);
    const drawn = () => bootstrapInterval(pairs, effect, stream(1, 'test'));
    expect(drawn()).toEqual(drawn());
    expect(drawn()?.low).toBeGreaterThanOrEqual(1);
    expect(drawn()?.high).toBeLessThanOrEqual(4);
    expect(drawn()?.high).toBeGreaterThan(drawn()?.low ?? NaN);
  });

  test('needs two trials', () => {
    expect(bootstrapInterval(pairsOf([1, 2]), effect, stream(1, 'test'))).toBeUndefined();
  });
});
