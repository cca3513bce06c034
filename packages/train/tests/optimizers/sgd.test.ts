import { expect, test } from 'vitest';
import { updates } from './update.js';

test('sgd by hand: a weight goes down its gradient, and nothing is remembered', async () => {
  const { weights, slots } = await updates(
    { kind: 'sgd', rate: 0.25 },
    [1, 0],
    [
      [2, 0],
      [-4, 0],
    ],
  );
  expect(weights).toEqual([
    [0.5, 0],
    [1.5, 0],
  ]);
  expect(slots).toEqual([]);
});
