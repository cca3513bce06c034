import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WindowOptions } from '../../src/index.js';
import { float32, gradients, GraphBuilder, maxPool, relu } from '../../src/index.js';
import { maxPoolOperator } from '../../src/operators/max-pool.js';
import type { ImageWithWindows } from './images.js';
import {
  distinctNumbersFor,
  expectLikeReference,
  filled,
  imagesToPool,
  numbersFor,
  plainMaxPool,
  plainMaxPoolGradient,
  tensorOf,
} from './images.js';
import type { Build } from './support.js';
import {
  batched,
  counting,
  distinctTensorsOf,
  float64,
  shapeOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

const by =
  (kernel: readonly number[], options: WindowOptions = {}): Build =>
  (b, x) =>
    maxPool(b, x, kernel, options);

testDTypes(maxPoolOperator, (dtype) => [by([2, 2]), batched(counting(dtype, [2, 3, 4, 5]))]);

const tiles = (sizes: number[], kernel: number[]): ImageWithWindows => ({
  sizes,
  kernel,
  strides: kernel,
  dilations: kernel.map(() => 1),
  pads: [...kernel, ...kernel].map(() => 0),
});

const cases: [string, ImageWithWindows][] = [
  ['side by side', tiles([4, 6], [2, 2])],
  ['side by side, of two sizes', tiles([4, 6], [2, 3])],
  ['side by side, with a remainder', tiles([5, 7], [2, 2])],
  ['side by side along one axis', tiles([7], [3])],
  ['over the whole image', tiles([3, 4], [3, 4])],
  ['of a single element', tiles([3, 3], [1, 1])],
  ['that overlap', { ...tiles([5, 6], [3, 3]), strides: [2, 1] }],
  ['that overlap, with a remainder', { ...tiles([6, 6], [3, 3]), strides: [2, 2] }],
  ['with gaps between them', { ...tiles([6, 7], [2, 2]), strides: [3, 3] }],
  ['with uneven padding', { ...tiles([5, 5], [3, 3]), strides: [2, 2], pads: [1, 0, 2, 1] }],
  ['side by side with padding', { ...tiles([6, 6], [2, 2]), pads: [1, 1, 1, 1] }],
  ['with a dilation', { ...tiles([6, 6], [2, 2]), strides: [1, 2], dilations: [3, 2] }],
];

const apply = ({ kernel, strides, dilations, pads }: ImageWithWindows) =>
  by(kernel, { strides, dilations, pads });

async function expectFirstOfTies(image: ImageWithWindows, seed: number) {
  // Nothing but -1, 0 and 1: most windows tie.
  const { shape, data } = numbersFor([2, 2, ...image.sizes], seed);
  const x = { shape, data: data.map((value) => Math.round(value)) };
  const y = plainMaxPool(image)(x);
  const g = { shape: y.shape, data: y.data.map((_, index) => index + 1) };
  const slope = await valuesOf(
    (b, input, seedOfY) => {
      const { kernel, strides, dilations, pads } = image;
      return gradients(b, maxPool(b, input, kernel, { strides, dilations, pads }), [input], seedOfY);
    },
    batched(tensorOf(x)),
    batched(tensorOf(g)),
  );
  expect(slope).toEqual(plainMaxPoolGradient(image, x, g).data);
}

describe('MaxPool over windows', () => {
  test.each(cases)('%s is as defined, with its gradients and their gradients', async (_, image) => {
    await expectLikeReference(apply(image), plainMaxPool(image), [
      distinctNumbersFor([2, 2, ...image.sizes], 7),
    ]);
  });

  test.each(cases)('%s: the first of the elements that tie takes the gradient', async (_, image) => {
    await expectFirstOfTies(image, 3);
  });

  for (const [title, image] of cases) {
    testGradient(
      title,
      apply(image),
      fc.tuple(distinctTensorsOf([2, 1, ...image.sizes]).map((x) => batched(x))),
    );
  }

  test('of any kind are as defined, ties and derivatives included', async () => {
    await fc.assert(
      fc.asyncProperty(imagesToPool, fc.nat(1000), async (image, seed) => {
        await expectFirstOfTies(image, seed);
        await expectLikeReference(apply(image), plainMaxPool(image), [
          distinctNumbersFor([2, 2, ...image.sizes], seed),
        ]);
      }),
      { seed: 1, numRuns: 40 },
    );
  });
});

test('a window of zeros after a Relu passes its gradient to its first element, where Relu stops it', async () => {
  const x = float64([-1, -2, 3, 3, -3, -4, 3, 0], [1, 1, 2, 4]);
  const pooled = await valuesOf((b, input) => {
    const hidden = relu(b, input);
    return gradients(b, maxPool(b, hidden, [2, 2], { strides: [2, 2] }), [hidden]);
  }, x);
  expect(pooled).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
});

describe('shapes', () => {
  test('the batch and channels stay, symbolic or not', () => {
    expect(shapeOf(by([2, 3], { strides: [2, 1] }), ['float32', 'batch', 3, 9, 9])).toEqual([
      'batch',
      3,
      4,
      7,
    ]);
    expect(shapeOf(by([2]), ['float32', 3, 'batch', 9])).toEqual([3, 'batch', 8]);
  });

  test('a kernel larger than the padded image is refused', () => {
    expect(() => shapeOf(by([4, 2], { pads: [1, 0, 0, 0] }), ['float32', 'batch', 3, 2, 5])).toThrow(
      "MaxPool: the kernel spans [4, 2], more than 'input0', [3, 5] with its padding",
    );
  });

  test('pads as large as the kernel are refused', () => {
    expect(() => shapeOf(by([2, 2], { pads: [0, 0, 2, 0] }), ['float32', 'batch', 3, 2, 5])).toThrow(
      'MaxPool: pads are [0, 0, 2, 0], expected less than the kernel [2, 2]',
    );
  });

  test('a kernel of another rank, or none, is refused', () => {
    expect(() => shapeOf(by([2]), ['float32', 'batch', 3, 8, 8])).toThrow(
      "MaxPool: 'input0' has shape [batch, 3, 8, 8], expected 1 sizes behind batch and channels for a kernel [2]",
    );
    expect(() => shapeOf((b, x) => b.add('MaxPool', [x]), ['float32', 'batch', 3, 8])).toThrow(
      "MaxPool: 'input0' has shape [batch, 3, 8], expected 0 sizes behind batch and channels for a kernel []",
    );
    expect(() => shapeOf(by([0]), ['float32', 'batch', 3, 8])).toThrow(
      'MaxPool: kernel_shape are [0], expected 1 whole numbers of 1 or more',
    );
  });

  test('ceil_mode is refused', () => {
    const builder = new GraphBuilder('ceil');
    const x = builder.input('x', 'float32', [1, 1, 5]);
    expect(() => builder.add('MaxPool', [x], { kernel_shape: { ints: [2] }, ceil_mode: { int: 1 } })).toThrow(
      'MaxPool: ceil_mode is 1, expected 0: windows that lie within the padded image',
    );
  });
});

test('MaxPool takes the largest element of each window', async () => {
  const x = float32([1, 9, 2, 3, 4, 5, 8, 7, 6], [1, 1, 3, 3]);
  expect(await valuesOf(by([2, 2]), x)).toEqual([9, 9, 8, 7]);
  expect(await valuesOf(by([2, 2], { strides: [2, 2], pads: [1, 1, 0, 0] }), x)).toEqual([1, 9, 8, 7]);
  const falling = filled([1, 1, 3], ([, , place = 0]) => -place - 1);
  expect(await valuesOf(by([2], { pads: [1, 1] }), tensorOf(falling))).toEqual([-1, -1, -2, -3]);
});
