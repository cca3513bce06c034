import { expect, test } from 'vitest';
import { gradients, reduceMin } from '../../src/index.js';
import { reduceMinOperator } from '../../src/operators/reduce-min.js';
import { testReduction } from './reductions.js';
import { distinctTensorsOf, float64, valuesOf } from './support.js';

testReduction(reduceMinOperator, reduceMin, (list) => Math.min(...list), distinctTensorsOf);

test('elements that tie for the minimum share its gradient', async () => {
  const slope = await valuesOf(
    (b, x) => gradients(b, reduceMin(b, x, [1]), [x]),
    float64([1, 3, 1, 4, 5, 2, 0, 0, 0], [3, 3]),
  );
  expect(slope).toEqual([0.5, 0, 0.5, 0, 0, 1, 1 / 3, 1 / 3, 1 / 3]);
});
