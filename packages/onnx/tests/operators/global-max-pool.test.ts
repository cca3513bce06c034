import { expect, test } from 'vitest';
import { float32, globalMaxPool, gradients } from '../../src/index.js';
import { globalMaxPoolOperator } from '../../src/operators/global-max-pool.js';
import { distinctNumbersFor, expectLikeReference, plainMaxPool } from './images.js';
import type { Build } from './support.js';
import { batched, counting, shapeOf, testDTypes, valuesOf } from './support.js';

testDTypes(globalMaxPoolOperator, (dtype) => [globalMaxPool, batched(counting(dtype, [2, 3, 4, 5]))]);

test('GlobalMaxPool takes the largest element of each channel', async () => {
  const x = float32([1, 2, 6, 3, -10, -20, -30, -60], [1, 2, 2, 2]);
  expect(await valuesOf(globalMaxPool, x)).toEqual([6, -10]);
});

test.each([[[4]], [[3, 5]]])(
  'over %j it is as defined, with its gradients and their gradients',
  async (sizes) => {
    const ones = sizes.map(() => 1);
    const windows = { kernel: sizes, strides: ones, dilations: ones, pads: [...ones, ...ones].map(() => 0) };
    await expectLikeReference(globalMaxPool, plainMaxPool(windows), [
      distinctNumbersFor([2, 3, ...sizes], 1),
    ]);
  },
);

test('the first of the elements that tie takes the gradient', async () => {
  const slope: Build = (b, x) => gradients(b, globalMaxPool(b, x), [x]);
  const x = float32([0, 7, 3, 7, 0, 0, 0, 0, -1, -2, -1, -1], [1, 3, 2, 2]);
  expect(await valuesOf(slope, batched(x))).toEqual([0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
});

test('GlobalMaxPool leaves a size of 1 per axis and needs known sizes', () => {
  expect(shapeOf(globalMaxPool, ['float32', 'batch', 3, 4, 5])).toEqual(['batch', 3, 1, 1]);
  expect(() => shapeOf(globalMaxPool, ['float32', 'batch', 3, 'width'])).toThrow(
    "GlobalMaxPool: 'input0' has shape [batch, 3, width], expected batch, channels and one or two known sizes",
  );
});
