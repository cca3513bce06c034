import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../src/random.js';
import { interleave } from '../src/schedule.js';

const runs = { seed: 1, numRuns: 200 };
const seed = fc.integer();
const items = fc.integer({ min: 0, max: 12 }).map((length) => Array.from({ length }, (_, index) => index));
const repeats = fc.integer({ min: 1, max: 10 });

describe('interleave', () => {
  it('measures every item exactly once in each repeat, one repeat after the other', () => {
    fc.assert(
      fc.property(items, repeats, seed, (items, repeats, seed) => {
        const blocks = interleave(items, repeats, randomStream(seed));
        expect(blocks).toHaveLength(items.length * repeats);
        for (let repeat = 0; repeat < repeats; repeat++) {
          const part = blocks.slice(repeat * items.length, (repeat + 1) * items.length);
          expect(part.every((block) => block.repeat === repeat)).toBe(true);
          expect(part.map(({ item }) => item).sort((a, b) => a - b)).toEqual(items);
        }
      }),
      runs,
    );
  });

  it('gives the same order for the same seed', () => {
    fc.assert(
      fc.property(items, repeats, seed, (items, repeats, seed) => {
        expect(interleave(items, repeats, randomStream(seed))).toEqual(
          interleave(items, repeats, randomStream(seed)),
        );
      }),
      runs,
    );
  });

  it('draws another order for each repeat', () => {
    const items = Array.from({ length: 10 }, (_, index) => index);
    const orders = [0, 1, 2].map((repeat) =>
      interleave(items, 3, randomStream(7))
        .filter((block) => block.repeat === repeat)
        .map(({ item }) => item)
        .join(),
    );
    expect(new Set(orders).size).toBe(3);
  });

  it('puts each item in each place about equally often', () => {
    const blocks = interleave([0, 1, 2], 3000, randomStream(1));
    const first = [0, 1, 2].map(
      (item) => blocks.filter((block, index) => index % 3 === 0 && block.item === item).length,
    );
    for (const count of first) expect(Math.abs(count - 1000)).toBeLessThan(100);
  });
});
