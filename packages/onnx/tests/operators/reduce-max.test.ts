import { expect, test } from 'vitest';
import { gradients, reduceMax } from '../../src/index.js';
import { reduceMaxOperator } from '../../src/operators/reduce-max.js';
import { testReduction } from './reductions.js';
import { distinctTensorsOf, float64, valuesOf } from './support.js';

testReduction(reduceMaxOperator, reduceMax, (list) => Math.max(...list), distinctTensorsOf);

test('elements that tie for the maximum share its gradient', async () => {
  const slope = await valuesOf(
    (b, x) => gradients(b, reduceMax(b, x, [1]), [x]),
    float64([3, 1, 3, 2, 5, 4, 0, 0, 0], [3, 3]),
  );
  expect(slope).toEqual([0.5, 0, 0.5, 0, 1, 0, 1 / 3, 1 / 3, 1 / 3]);
});
