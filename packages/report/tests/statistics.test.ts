import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interval95, mean, pairedDifferences, spread, studentT95 } from '../src/statistics.js';

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 40 });
const options = { seed: 1, numRuns: 200 };

describe('the 95 % interval', () => {
  it('is the textbook one: 1, 2, 3 have 2 ± 4.303 / √3', () => {
    const interval = interval95([1, 2, 3]);
    expect(interval?.mean).toBe(2);
    expect(interval?.high).toBeCloseTo(2 + 4.303 / Math.sqrt(3), 12);
    expect(interval?.low).toBeCloseTo(2 - 4.303 / Math.sqrt(3), 12);
  });

  it('needs two values', () => {
    expect(interval95([])).toBeUndefined();
    expect(interval95([1])).toBeUndefined();
  });

  it('lies around the mean, and moves and scales with the values', () => {
    fc.assert(
      fc.property(values, fc.double({ min: -100, max: 100, noNaN: true }), (list, shift) => {
        const interval = interval95(list);
        const moved = interval95(list.map((value) => 2 * value + shift));
        expect(interval && interval.low <= interval.mean && interval.mean <= interval.high).toBe(true);
        expect(moved?.low).toBeCloseTo(2 * (interval?.low ?? NaN) + shift, 6);
        expect(moved?.high).toBeCloseTo(2 * (interval?.high ?? NaN) + shift, 6);
      }),
      options,
    );
  });

  it('has no width when all values are equal', () => {
    expect(interval95([0.5, 0.5, 0.5])).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  });

  it('covers the true mean of normal samples of three about 95 times in 100', () => {
    let state = 1;
    const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const samples = 4000;
    const covered = Array.from({ length: samples }, () => interval95([normal(), normal(), normal()])).filter(
      (interval) => interval && interval.low <= 0 && interval.high >= 0,
    ).length;
    expect(covered / samples).toBeGreaterThan(0.94);
    expect(covered / samples).toBeLessThan(0.96);
  });
});

describe('Student’s t', () => {
  it('falls with the degrees of freedom towards the normal 1.96, also past the end of the table', () => {
    const points = Array.from({ length: 200 }, (_, index) => studentT95(index + 1));
    points.slice(1).forEach((point, index) => {
      expect(point).toBeLessThan((points[index] ?? NaN) + 1e-9);
      expect(point).toBeGreaterThan(1.96);
    });
  });
  it('has the published values 2.021 and 1.980 at 40 and 120 degrees', () => {
    expect(studentT95(40)).toBeCloseTo(2.021, 3);
    expect(studentT95(120)).toBeCloseTo(1.98, 3);
  });
});

describe('mean and spread', () => {
  it('are undefined of nothing', () => {
    expect(mean([])).toBeUndefined();
    expect(spread([])).toBeUndefined();
  });
  it('the mean lies within the range', () => {
    fc.assert(
      fc.property(values, (list) => {
        const range = spread(list);
        expect(range && range.min <= range.mean && range.mean <= range.max).toBe(true);
        expect(range?.count).toBe(list.length);
      }),
      options,
    );
  });
});

describe('paired differences', () => {
  it('are taken trial by trial, of the trials that both have', () => {
    const ours = new Map([
      [1, 0.9],
      [2, 0.8],
      [4, 0.7],
    ]);
    const theirs = new Map([
      [4, 0.6],
      [2, 0.5],
      [3, 0.1],
    ]);
    expect(pairedDifferences(ours, theirs).map((value) => Math.round(value * 10))).toEqual([3, 1]);
  });
  it('cancel whatever a trial adds to both', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), fc.integer({ min: -1000, max: 1000 }))), (list) => {
        const reference = new Map(list.map(([trial, value]) => [trial, value]));
        const better = new Map([...reference].map(([trial, value]) => [trial, value + 3]));
        expect(new Set(pairedDifferences(better, reference)).size).toBeLessThanOrEqual(1);
        expect(pairedDifferences(better, reference).every((value) => value === 3)).toBe(true);
      }),
      options,
    );
  });
});
