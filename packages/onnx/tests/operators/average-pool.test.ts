import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AveragePoolOptions } from '../../src/index.js';
import { averagePool, float32 } from '../../src/index.js';
import { averagePoolOperator } from '../../src/operators/average-pool.js';
import type { ImageWithWindows } from './images.js';
import { expectLikeReference, imagesToPool, numbersFor, plainAveragePool } from './images.js';
import type { Build } from './support.js';
import { batched, counting, shapeOf, testDTypes, valuesOf } from './support.js';

const by =
  (kernel: readonly number[], options: AveragePoolOptions = {}): Build =>
  (b, x) =>
    averagePool(b, x, kernel, options);

testDTypes(averagePoolOperator, (dtype) => [by([2, 2]), batched(counting(dtype, [2, 3, 4, 5]))]);

test('AveragePool takes the mean of each window, without the padding unless told otherwise', async () => {
  const x = float32([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]);
  expect(await valuesOf(by([2, 2]), x)).toEqual([3, 4, 6, 7]);
  const options = { strides: [2, 2], pads: [1, 1, 0, 0] };
  expect(await valuesOf(by([2, 2], options), x)).toEqual([1, 2.5, 5.5, 7]);
  expect(await valuesOf(by([2, 2], { ...options, countIncludePad: true }), x)).toEqual([0.25, 1.25, 2.75, 7]);
});

async function expectMeans(image: ImageWithWindows, countIncludePad: boolean) {
  const { kernel, strides, pads, sizes } = image;
  await expectLikeReference(
    by(kernel, { strides, pads, countIncludePad }),
    plainAveragePool(image, countIncludePad),
    [numbersFor([2, 3, ...sizes], 1)],
  );
}

const tiles = (sizes: number[], kernel: number[]): ImageWithWindows => ({
  sizes,
  kernel,
  strides: kernel,
  dilations: kernel.map(() => 1),
  pads: [...kernel, ...kernel].map(() => 0),
});

describe.each([false, true])('with countIncludePad %s, AveragePool over windows', (countIncludePad) => {
  test.each<[string, ImageWithWindows]>([
    ['side by side', tiles([4, 6], [2, 3])],
    ['side by side, with a remainder', tiles([5, 7], [2, 2])],
    ['side by side along one axis', tiles([7], [3])],
    ['that overlap, with a remainder', { ...tiles([6, 6], [3, 3]), strides: [2, 2] }],
    ['with gaps between them', { ...tiles([6, 7], [2, 2]), strides: [3, 3] }],
    ['with uneven padding', { ...tiles([5, 5], [3, 3]), strides: [2, 2], pads: [1, 0, 2, 1] }],
  ])('%s is as defined, with its gradients and their gradients', async (_, image) => {
    await expectMeans(image, countIncludePad);
  });

  test('of any kind is as defined, with its gradients and their gradients', async () => {
    // Operator set 18 has no dilations here.
    const undilated = imagesToPool.filter(({ dilations }) => dilations.every((dilation) => dilation === 1));
    await fc.assert(
      fc.asyncProperty(undilated, (image) => expectMeans(image, countIncludePad)),
      { seed: 1, numRuns: 25 },
    );
  });
});

test('AveragePool keeps the batch and channels, symbolic or not', () => {
  expect(shapeOf(by([2, 3], { strides: [2, 1] }), ['float32', 'batch', 3, 9, 9])).toEqual(['batch', 3, 4, 7]);
  expect(shapeOf(by([2]), ['float32', 3, 'batch', 9])).toEqual([3, 'batch', 8]);
});

test('AveragePool refuses a kernel larger than the padded image, and dilations', () => {
  expect(() => shapeOf(by([4]), ['float32', 'batch', 3, 2])).toThrow(
    "AveragePool: the kernel spans [4], more than 'input0', [2] with its padding",
  );
  const dilated: Build = (b, x) =>
    b.add('AveragePool', [x], { kernel_shape: { ints: [2] }, dilations: { ints: [2] } });
  expect(() => shapeOf(dilated, ['float32', 'batch', 3, 4])).toThrow(
    'AveragePool: dilations are given, which operator set 18 does not have',
  );
});
