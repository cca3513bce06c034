import { expect, test } from 'vitest';
import { updates } from './update.js';

const spec = { kind: 'momentum', rate: 0.1, momentum: 0.5 } as const;

test('momentum by hand: the velocity is the decayed one plus the gradient', async () => {
  // v = 2, w = 1 - 0.2; v = 1 + 4 = 5, w = 0.8 - 0.5; v = 2.5 + 0, w = 0.3 - 0.25.
  const { weights, slots } = await updates(spec, [1], [[2], [4], [0]]);
  [0.8, 0.3, 0.05].forEach((expected, step) => {
    expect(weights[step]?.[0]).toBeCloseTo(expected, 14);
  });
  expect(slots).toEqual([[2.5]]);
});

test('momentum does not move a weight whose gradient is always zero', async () => {
  expect(await updates(spec, [0], [[0], [0]])).toEqual({ weights: [[0], [0]], slots: [[0]] });
});
