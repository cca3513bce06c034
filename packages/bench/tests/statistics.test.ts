import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ascending,
  mean,
  median,
  pairedRatio,
  pairedRatioAboveFloor,
  quantile,
  summarize,
} from '../src/statistics.js';

const runs = { seed: 1, numRuns: 200 };
const micros = fc.double({ min: 0.1, max: 1e6, noNaN: true });
const some = fc.array(micros, { minLength: 1, maxLength: 50 });

describe('quantile', () => {
  it('agrees with definition 7 of Hyndman and Fan on known values', () => {
    // numpy.quantile([1, 2, 3, 4], [0.25, 0.5, 0.95])
    expect(quantile([1, 2, 3, 4], 0.25)).toBeCloseTo(1.75, 12);
    expect(quantile([1, 2, 3, 4], 0.5)).toBeCloseTo(2.5, 12);
    expect(quantile([1, 2, 3, 4], 0.95)).toBeCloseTo(3.85, 12);
  });

  it('is the minimum at 0 and the maximum at 1', () => {
    fc.assert(
      fc.property(some, (values) => {
        const sorted = ascending(values);
        expect(quantile(sorted, 0)).toBe(Math.min(...values));
        expect(quantile(sorted, 1)).toBe(Math.max(...values));
      }),
      runs,
    );
  });

  it('never falls as the share grows', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(some, share, share, (values, a, b) => {
        const sorted = ascending(values);
        const [low, high] = [quantile(sorted, Math.min(a, b)), quantile(sorted, Math.max(a, b))];
        expect(low).toBeLessThanOrEqual(high * (1 + 1e-12));
      }),
      runs,
    );
  });

  it('refuses an empty list', () => {
    expect(() => quantile([], 0.5)).toThrow('at least one value');
    expect(() => median([])).toThrow('at least one value');
    expect(() => mean([])).toThrow('at least one value');
  });
});

describe('summarize', () => {
  it('does not depend on how the samples are divided into blocks', () => {
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 5 }), (blocks) => {
        expect(summarize(blocks)).toEqual(summarize([blocks.flat()]));
      }),
      runs,
    );
  });
});

describe('pairedRatio', () => {
  const pairs = fc
    .integer({ min: 2, max: 10 })
    .chain((repeats) =>
      fc.tuple(
        fc.array(some, { minLength: repeats, maxLength: repeats }),
        fc.array(some, { minLength: repeats, maxLength: repeats }),
      ),
    );

  it('is exactly 1 of a model with itself', () => {
    fc.assert(
      fc.property(pairs, ([blocks]) => {
        expect(pairedRatio(blocks, blocks)).toEqual({ ratio: 1, low: 1, high: 1 });
      }),
      runs,
    );
  });

  it('lies inside its interval', () => {
    fc.assert(
      fc.property(pairs, ([blocks, baseline]) => {
        const { ratio, low, high } = pairedRatio(blocks, baseline);
        expect(low).toBeLessThanOrEqual(ratio);
        expect(ratio).toBeLessThanOrEqual(high);
      }),
      runs,
    );
  });

  it('is the inverse when the two swap places', () => {
    fc.assert(
      fc.property(pairs, ([blocks, baseline]) => {
        const forth = pairedRatio(blocks, baseline);
        const back = pairedRatio(baseline, blocks);
        expect(Math.log(forth.ratio)).toBeCloseTo(-Math.log(back.ratio), 9);
        expect(Math.log(forth.low)).toBeCloseTo(-Math.log(back.high), 6);
      }),
      runs,
    );
  });

  it('cancels what slows both down in the same repeat', () => {
    const ratio = pairedRatio([[20], [200], [2000]], [[10], [100], [1000]]);
    expect(ratio.ratio).toBeCloseTo(2, 12);
    expect(ratio.high - ratio.low).toBeLessThan(1e-9);
  });

  it('agrees with a t interval worked out by hand', () => {
    // log ratios 0 and ln 4: mean ln 2, standard error ln 2, t of one degree 12.7062.
    const { ratio, low } = pairedRatio([[1], [4]], [[1], [1]]);
    expect(ratio).toBeCloseTo(2, 12);
    expect(Math.log(low)).toBeCloseTo(Math.log(2) * (1 - 12.7062), 9);
  });

  it('refuses a single repeat and repeats without a partner', () => {
    expect(() => pairedRatio([[1]], [[1]])).toThrow('at least 2, found 1 and 1');
    expect(() => pairedRatio([[1], [1]], [[1]])).toThrow('found 2 and 1');
  });
});

describe('pairedRatioAboveFloor', () => {
  it('compares what is left when the cost of an empty call is taken from both sides', () => {
    const found = pairedRatioAboveFloor([[15], [25]], [[20], [30]], [[10], [20]]);
    expect(found?.ratio).toBeCloseTo(0.5, 12);
  });

  it('is null where a side does not stand clear of the empty call', () => {
    expect(pairedRatioAboveFloor([[10], [25]], [[20], [30]], [[10], [20]])).toBeNull();
    expect(pairedRatioAboveFloor([[15], [25]], [[20], [30]], [])).toBeNull();
  });
});
