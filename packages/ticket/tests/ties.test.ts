import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ties } from '../src/ties.js';

test('what is tied, in whatever order and over whatever others, is kept together and nothing else is', () => {
  const count = 12;
  const element = fc.nat(count - 1);
  fc.assert(
    fc.property(fc.array(fc.tuple(element, element)), fc.array(element), fc.nat(20), (pairs, kept, early) => {
      const tied = ties(count);
      // Some are kept before the ties are known.
      kept.slice(0, early).forEach(tied.keep);
      for (const [a, b] of pairs) tied.tie(a, b);
      kept.slice(early).forEach(tied.keep);
      const reached = new Set(kept);
      for (let round = 0; round < count; round++) {
        for (const [a, b] of pairs) {
          if (reached.has(a)) reached.add(b);
          if (reached.has(b)) reached.add(a);
        }
      }
      for (let one = 0; one < count; one++) expect(tied.isKept(one)).toBe(reached.has(one));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('keeping what is kept is no change', () => {
  const tied = ties(3);
  tied.tie(0, 1);
  tied.keep(0);
  expect(tied.changes()).toBe(1);
  tied.keep(1);
  expect(tied.changes()).toBe(1);
  tied.keep(2);
  expect(tied.changes()).toBe(2);
});
