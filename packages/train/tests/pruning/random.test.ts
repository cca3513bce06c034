import { fullMask, overlap, survivors } from '@winning-tickets/ticket';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomMask, randomMasks } from '../../src/pruning/random.js';
import { stream } from '../../src/rng.js';

describe('a random mask', () => {
  test('has exactly the survivors asked for', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), fc.nat(100), fc.nat(), (rows, columns, share, seed) => {
        const count = Math.floor((rows * columns * share) / 100);
        const mask = randomMask([rows, columns], count, stream(seed));
        expect(mask.shape).toEqual([rows, columns]);
        expect([...mask.data].filter((bit) => bit === 1)).toHaveLength(count);
        expect([...mask.data].every((bit) => bit === 0 || bit === 1)).toBe(true);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('keeps every position equally often', () => {
    const counts = new Array<number>(20).fill(0);
    const random = stream(1, 'positions');
    for (let i = 0; i < 10_000; i++) {
      randomMask([4, 5], 3, random).data.forEach(
        (bit, index) => (counts[index] = (counts[index] ?? 0) + bit),
      );
    }
    // Each count has mean 1,500 and a standard deviation of 35.7.
    expect(counts.every((count) => Math.abs(count - 1500) < 5 * 35.7)).toBe(true);
  });

  test('cannot have more survivors than elements', () => {
    expect(() => randomMask([2, 3], 7, stream(1))).toThrow('a mask of shape [2, 3] cannot have 7 survivors');
    expect(() => randomMask([2, 3], 0.5, stream(1))).toThrow('cannot have 0.5 survivors');
  });
});

describe('random masks', () => {
  const shape = [60, 50];
  const like = {
    a: randomMask(shape, 300, stream(1)),
    b: randomMask(shape, 300, stream(2)),
    c: fullMask([7]),
  };
  const drawn = randomMasks(like, 1, 'random-mask', 3);

  test('have as many survivors in every parameter as the masks they stand in for', () => {
    expect(Object.entries(drawn).map(([name, mask]) => [name, survivors(mask)])).toEqual([
      ['a', 300],
      ['b', 300],
      ['c', 7],
    ]);
  });

  test('are at other positions, in every parameter others', () => {
    // Two independent masks of density d overlap by d / (2 - d), here 0.053.
    expect(overlap({ x: drawn['a'] ?? fullMask([1]) }, { x: like.a })).toBeLessThan(0.1);
    expect(drawn['a']).not.toEqual(drawn['b']);
  });

  test('are the same for the same seed and name, and others for another', () => {
    expect(randomMasks(like, 1, 'random-mask', 3)).toEqual(drawn);
    expect(randomMasks(like, 1, 'random-mask', 4)).not.toEqual(drawn);
    expect(randomMasks(like, 2, 'random-mask', 3)).not.toEqual(drawn);
  });
});
