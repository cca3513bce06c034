import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stratifiedSplit, type Placed } from '../src/stratified-split.js';

const single = (stratum: number): Placed => ({ stratum, twin: undefined });

function strata(...counts: readonly number[]): Placed[] {
  return counts.flatMap((count, stratum) => Array.from({ length: count }, () => single(stratum)));
}

function countsOf(samples: readonly Placed[], side: Int32Array | undefined): number[] {
  const counts = Array<number>(Math.max(...samples.map(({ stratum }) => stratum)) + 1).fill(0);
  for (const index of side ?? []) {
    const stratum = samples[index]?.stratum ?? 0;
    counts[stratum] = (counts[stratum] ?? 0) + 1;
  }
  return counts;
}

const placed = fc.array(
  fc.record({
    stratum: fc.integer({ min: 0, max: 4 }),
    twin: fc.constantFrom(undefined, undefined, 'a', 'b', 'c'),
  }),
  { minLength: 3, maxLength: 80 },
);
const cases = placed.chain((samples) =>
  fc.record({
    samples: fc.constant(samples),
    first: fc.integer({ min: 1, max: samples.length - 2 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  }),
);

describe('a stratified division', () => {
  it('puts every sample on exactly one side, twins on the same, and no side gets more than its size', () => {
    fc.assert(
      fc.property(cases, ({ samples, first, share, seed }) => {
        const second = 1 + Math.floor(share * (samples.length - first - 2));
        const sides = stratifiedSplit(samples, { sizes: [first, second], seed });
        expect(sides).toHaveLength(3);
        const all = sides.flatMap((side) => [...side]).sort((a, b) => a - b);
        expect(all).toEqual(samples.map((_, index) => index));
        expect(sides[0]?.length).toBeLessThanOrEqual(first);
        expect(sides[1]?.length).toBeLessThanOrEqual(second);
        for (const twin of ['a', 'b', 'c']) {
          const on = sides.filter((side) => side.some((index) => samples[index]?.twin === twin));
          expect(on.length).toBeLessThanOrEqual(1);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('has exactly its sizes where no samples are twins, and gives every stratum its share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 1000 }),
        (counts, seed) => {
          const samples = strata(...counts);
          const size = Math.max(counts.length, Math.floor(samples.length / 5));
          const [side, rest] = stratifiedSplit(samples, { sizes: [size], seed });
          expect(side).toHaveLength(size);
          countsOf(samples, side).forEach((count, stratum) => {
            const fair = (size * (counts[stratum] ?? 0)) / samples.length;
            expect(count).toBeGreaterThanOrEqual(1);
            // The one that small strata have at least is taken from the others.
            if (fair >= 1) expect(Math.abs(count - fair)).toBeLessThan(1 + counts.length);
          });
          for (const count of countsOf(samples, rest)) expect(count).toBeGreaterThanOrEqual(1);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it('serves the rest first, then the sides in their order, when a stratum does not go round', () => {
    const samples = strata(1, 2, 3, 60);
    const sides = stratifiedSplit(samples, { sizes: [10, 10], seed: 5 }).map((side) =>
      countsOf(samples, side),
    );
    expect(sides.map(([lone]) => lone)).toEqual([0, 0, 1]);
    expect(sides.map(([, pair]) => pair)).toEqual([1, 0, 1]);
    expect(sides.map(([, , three]) => three)).toEqual([1, 1, 1]);
  });

  it('keeps its sizes beside groups of twins', () => {
    const twins = Array.from({ length: 6 }, (_, index): Placed => ({ stratum: 0, twin: `${index >> 1}` }));
    const samples = [...twins, ...strata(0, 100)];
    const [side] = stratifiedSplit(samples, { sizes: [11], seed: 1 });
    expect(side).toHaveLength(11);
    expect(countsOf(samples, side)[0]).toBe(2);
  });

  it('is the same for the same seed and another for another seed', () => {
    const samples = strata(50, 30);
    const of = (seed: number): string => stratifiedSplit(samples, { sizes: [20], seed }).join();
    expect(of(3)).toBe(of(3));
    expect(new Set(Array.from({ length: 50 }, (_, seed) => of(seed))).size).toBe(50);
  });

  it('chooses every sample of a stratum equally often over the seeds', () => {
    const samples = strata(20, 10);
    const [size, seeds] = [6, 3000];
    const chosen = new Int32Array(samples.length);
    for (let seed = 0; seed < seeds; seed++) {
      const [side = []] = stratifiedSplit(samples, { sizes: [size], seed });
      for (const index of side) chosen[index] = (chosen[index] ?? 0) + 1;
    }
    // Binomial: mean 600, standard deviation 22; five of them on either side.
    for (const times of chosen) expect(Math.abs(times - 600)).toBeLessThan(110);
  });

  it('never changes, since recorded results rest on it', () => {
    const samples = [...strata(7, 5, 3), { stratum: 1, twin: 'a' }, { stratum: 2, twin: 'a' }];
    expect(stratifiedSplit(samples, { sizes: [4, 3], seed: 0 }).map((side) => [...side])).toEqual([
      [1, 2, 10, 12],
      [0, 7, 14],
      [3, 4, 5, 6, 8, 9, 11, 13, 15, 16],
    ]);
  });
});
