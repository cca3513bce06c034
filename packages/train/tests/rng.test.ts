import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stream } from '../src/rng.js';

const seeds = fc.maxSafeInteger();
const paths = fc.array(fc.oneof(fc.string(), fc.maxSafeInteger()), { maxLength: 4 });
const draw = (seed: number, path: (string | number)[], count = 4) => {
  const random = stream(seed, ...path);
  return Array.from({ length: count }, () => random.uniform());
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a stream', () => {
  test('gives the values it has always given', () => {
    // Were one of these to change, no earlier run could be resumed or repeated.
    expect(draw(1, ['init', 'fc1.weight'], 3)).toEqual([
      0.14802804505822909, 0.6023985277904124, 0.26918861167198593,
    ]);
    const gaussian = stream(1, 'init', 'fc1.weight');
    expect([gaussian.normal(), gaussian.normal(), gaussian.normal()]).toEqual([
      -1.0699691207084396, 0.31128407023187976, -1.524394992665651,
    ]);
    const integers = stream(7, 'a');
    expect(Array.from({ length: 4 }, () => integers.integer(10))).toEqual([9, 2, 7, 1]);
    expect([...stream(1, 'batches', 0).permutation(10)]).toEqual([5, 4, 2, 3, 7, 8, 0, 1, 9, 6]);
    expect(stream(0, 'trial', 1).integer(2 ** 32)).toBe(2901124702);
  });

  test('is the same for the same seed and name', () => {
    fc.assert(
      fc.property(seeds, paths, (seed, path) => {
        expect(draw(seed, path)).toEqual(draw(seed, path));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test('is another for another seed or name', () => {
    fc.assert(
      fc.property(seeds, paths, seeds, paths, (seed, path, otherSeed, otherPath) => {
        fc.pre(JSON.stringify([seed, path]) !== JSON.stringify([otherSeed, otherPath]));
        expect(draw(seed, path)).not.toEqual(draw(otherSeed, otherPath));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('tells numbers from their texts, and one long name from two short ones', () => {
    expect(draw(1, [1])).not.toEqual(draw(1, ['1']));
    expect(draw(1, ['a', 'b'])).not.toEqual(draw(1, ['ab']));
    expect(draw(1, ['a,b'])).not.toEqual(draw(1, ['a', 'b']));
  });

  test('does not depend on what other streams have drawn', () => {
    const alone = draw(3, ['one'], 8);
    const [one, two] = [stream(3, 'one'), stream(3, 'two')];
    const interleaved = alone.map(() => {
      two.normal();
      return one.uniform();
    });
    expect(interleaved).toEqual(alone);
  });

  test('refuses a seed or number that JSON or a float would blur', () => {
    expect(() => stream(0.5)).toThrow('whole numbers and strings, found 0.5');
    expect(() => stream(1, NaN)).toThrow('found NaN');
    expect(() => stream(1, 2 ** 53)).toThrow('found 9007199254740992');
  });
});

describe('uniform numbers', () => {
  test('lie in [0, 1), have 53 bits, and have mean 1/2 and variance 1/12', () => {
    const values = draw(1, ['uniform'], 100_000);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(values.every((value) => Number.isInteger(value * 2 ** 53))).toBe(true);
    // Some have their last bit set.
    expect(values.some((value) => !Number.isInteger(value * 2 ** 52))).toBe(true);
    // Bounds of five standard errors.
    expect(Math.abs(mean(values) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / 1e5));
    expect(Math.abs(mean(values.map((value) => (value - 0.5) ** 2)) - 1 / 12)).toBeLessThan(0.0012);
  });
});

describe('whole numbers', () => {
  test('are equally likely', () => {
    const random = stream(1, 'integers');
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) {
      const value = random.integer(7);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    // Chi-squared with 6 degrees of freedom exceeds 22.5 once in a thousand times.
    expect(counts.reduce((sum, count) => sum + (count - 1e4) ** 2 / 1e4, 0)).toBeLessThan(22.5);
  });

  test('are below their bound, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), seeds, (below, seed) => {
        const value = stream(seed).integer(below);
        expect(Number.isInteger(value) && value >= 0 && value < below).toBe(true);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('need a bound from 1 to 2^32', () => {
    for (const below of [0, -1, 1.5, 2 ** 32 + 1, NaN]) {
      expect(() => stream(1).integer(below)).toThrow(`found ${below}`);
    }
  });
});

describe('Gaussian numbers', () => {
  test('have mean 0, variance 1, no skew and the tails of a Gaussian', () => {
    const random = stream(1, 'gaussian');
    const values = Array.from({ length: 200_000 }, () => random.normal());
    const moment = (power: number) => mean(values.map((value) => value ** power));
    // Bounds of five standard errors: the k-th moment's variance is E[x^2k] - E[x^k]^2.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / 2e5));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / 2e5));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / 2e5));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / 2e5));
    const beyondTwo = mean(values.map((value) => (Math.abs(value) > 2 ? 1 : 0)));
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(5 * Math.sqrt((0.0455 * 0.9545) / 2e5));
  });

  test('of one draw tell nothing about the next, though the method yields them in pairs', () => {
    const random = stream(1, 'pairs');
    const products = Array.from({ length: 100_000 }, () => random.normal() * random.normal());
    expect(Math.abs(mean(products))).toBeLessThan(5 * Math.sqrt(1 / 1e5));
  });
});

describe('a permutation', () => {
  test('has every number from 0 to n-1 once', () => {
    fc.assert(
      fc.property(fc.nat(200), seeds, (n, seed) => {
        expect([...stream(seed).permutation(n)].sort((a, b) => a - b)).toEqual([...Array(n).keys()]);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test('is each of the n! orders equally often', () => {
    const counts = new Map<string, number>();
    const random = stream(1, 'orders');
    for (let i = 0; i < 24_000; i++) {
      const order = random.permutation(4).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // Chi-squared with 23 degrees of freedom exceeds 49.7 once in a thousand times.
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(49.7);
  });

  test('is what shuffling the numbers in order gives', () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    stream(5, 'x').shuffle(items);
    expect(items).toEqual([...stream(5, 'x').permutation(50)]);
  });
});
