import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIndices } from '../src/index.js';
import { messageOf } from './support/sentence.js';

const splits = fc.integer({ min: 2, max: 150 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    validation: fc.integer({ min: 1, max: count - 1 }),
    seed: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  }),
);

describe('the validation split', () => {
  it('puts every training sample on exactly one side', () => {
    fc.assert(
      fc.property(splits, ({ count, validation, seed }) => {
        const sides = splitIndices(count, { validation, seed });
        expect(sides.validation).toHaveLength(validation);
        expect(sides.train).toHaveLength(count - validation);
        const all = [...sides.train, ...sides.validation].sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('is the same for the same seed and another for another seed', () => {
    const of = (seed: number): string => splitIndices(1000, { validation: 100, seed }).validation.join();
    expect(of(3)).toBe(of(3));
    expect(new Set(Array.from({ length: 50 }, (_, seed) => of(seed))).size).toBe(50);
  });

  it('of 60,000 samples never changes, since recorded results rest on it', () => {
    const { train, validation } = splitIndices(60_000, { validation: 5_000, seed: 0 });
    expect([...validation.subarray(0, 5)]).toEqual([55_031, 6_422, 12_956, 59_159, 54_275]);
    const hash = createHash('sha256')
      .update([...validation, ...train].join())
      .digest('hex');
    expect(hash).toBe('21c60fb917832c1136451ab51d889710276124976734e889f21ffc9cac68a275');
  });

  it('chooses every sample equally often over the seeds', () => {
    const [count, validation, seeds] = [20, 5, 4000];
    const chosen = new Int32Array(count);
    for (let seed = 0; seed < seeds; seed++) {
      for (const index of splitIndices(count, { validation, seed }).validation) {
        chosen[index] = (chosen[index] ?? 0) + 1;
      }
    }
    // Binomial: mean 1000, standard deviation 27; five of them on either side.
    for (const times of chosen) expect(Math.abs(times - 1000)).toBeLessThan(137);
  });
});

describe('an impossible validation split', () => {
  it.each([0, -1, 10, 11, 2.5, NaN, Infinity])('of %s among 10 samples is refused', async (validation) => {
    expect(await messageOf(() => splitIndices(10, { validation, seed: 0 }))).toBe(
      `validation split: expected a whole number from 1 to 9 (one less than the 10 training samples), found ${validation}; change "validation".`,
    );
  });

  it.each([0.5, 2 ** 31, NaN])('with the seed %s is refused', async (seed) => {
    expect(await messageOf(() => splitIndices(10, { validation: 1, seed }))).toContain(`found ${seed}`);
  });

  it('takes the largest and the smallest size', () => {
    expect(splitIndices(10, { validation: 9, seed: 0 }).train).toHaveLength(1);
    expect(splitIndices(10, { validation: 1, seed: 0 }).train).toHaveLength(9);
  });
});
