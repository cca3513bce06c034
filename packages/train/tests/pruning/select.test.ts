import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { selectLargest } from '../../src/pruning/select.js';

// Few distinct values, so that ties are common.
const tied = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 });
const scoresAndCount = fc
  .oneof(tied, fc.array(fc.float({ noNaN: true }), { maxLength: 60 }))
  .chain((scores) =>
    fc.tuple(fc.constant(Float32Array.from(scores)), fc.integer({ min: 0, max: scores.length })),
  );

describe('selecting the largest scores', () => {
  test('selects what a stable sort puts first: exactly as many, the first of equals', () => {
    fc.assert(
      fc.property(scoresAndCount, ([scores, count]) => {
        const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
        const expected = new Uint8Array(scores.length);
        for (const index of order.slice(0, count)) expected[index] = 1;
        expect(selectLargest(scores, count)).toEqual(expected);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('selects exactly as many even if all are equal', () => {
    expect([...selectLargest(new Float32Array(5), 2)]).toEqual([1, 1, 0, 0, 0]);
  });

  test('does not change the scores', () => {
    const scores = Float32Array.of(3, 1, 2);
    selectLargest(scores, 2);
    expect([...scores]).toEqual([3, 1, 2]);
  });

  test('refuses to select more than there are, or part of one', () => {
    expect(() => selectLargest(new Float32Array(3), 4)).toThrow('cannot select 4 of 3 scores');
    expect(() => selectLargest(new Float32Array(3), -1)).toThrow('cannot select -1');
    expect(() => selectLargest(new Float32Array(3), 1.5)).toThrow('cannot select 1.5');
  });
});
