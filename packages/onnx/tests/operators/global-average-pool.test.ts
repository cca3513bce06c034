import { expect, test } from 'vitest';
import { float32, globalAveragePool } from '../../src/index.js';
import { globalAveragePoolOperator } from '../../src/operators/global-average-pool.js';
import { expectLikeReference, numbersFor, plainAveragePool } from './images.js';
import { batched, counting, shapeOf, testDTypes, valuesOf } from './support.js';

testDTypes(globalAveragePoolOperator, (dtype) => [globalAveragePool, batched(counting(dtype, [2, 3, 4, 5]))]);

test('GlobalAveragePool takes the mean of each channel', async () => {
  const x = float32([1, 2, 3, 6, 10, 20, 30, 60], [1, 2, 2, 2]);
  expect(await valuesOf(globalAveragePool, x)).toEqual([3, 30]);
});

test.each([[[4]], [[3, 5]]])(
  'over %j it is as defined, with its gradients and their gradients',
  async (sizes) => {
    const ones = sizes.map(() => 1);
    const windows = { kernel: sizes, strides: ones, dilations: ones, pads: [...ones, ...ones].map(() => 0) };
    await expectLikeReference(globalAveragePool, plainAveragePool(windows, false), [
      numbersFor([2, 3, ...sizes], 1),
    ]);
  },
);

test('GlobalAveragePool leaves a size of 1 per axis and needs known sizes', () => {
  expect(shapeOf(globalAveragePool, ['float32', 'batch', 3, 4, 5])).toEqual(['batch', 3, 1, 1]);
  expect(() => shapeOf(globalAveragePool, ['float32', 'batch', 3, 'width'])).toThrow(
    "GlobalAveragePool: 'input0' has shape [batch, 3, width], expected batch, channels and one or two known sizes",
  );
});
