import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConvTransposeOptions } from '../../src/index.js';
import { conv, convTranspose, float32, mul, reduceSum, sub } from '../../src/index.js';
import { convTransposeOperator } from '../../src/operators/conv-transpose.js';
import type { ImageWithWindows } from './images.js';
import {
  countsOf,
  expectLikeReference,
  imagesToConvolve,
  numbersFor,
  plainConvTranspose,
  tensorOf,
} from './images.js';
import type { Build } from './support.js';
import { at, batched, counting, shapeOf, testDTypes, valuesOf } from './support.js';

const by =
  (options: ConvTransposeOptions = {}): Build =>
  (b, x, weights, bias) =>
    convTranspose(b, x, weights, bias, options);

testDTypes(convTransposeOperator, (dtype) => [
  by(),
  batched(counting(dtype, [2, 3, 4, 5])),
  counting(dtype, [3, 6, 2, 2]),
  counting(dtype, [6]),
]);

test('ConvTranspose adds the kernel, times each element, in its place', async () => {
  const x = float32([1, 10], [1, 1, 2]);
  const weights = float32([1, 2, 3], [1, 1, 3]);
  expect(await valuesOf(by(), x, weights)).toEqual([1, 12, 23, 30]);
  expect(await valuesOf(by({ strides: [2] }), x, weights)).toEqual([1, 2, 13, 20, 30]);
  expect(await valuesOf(by({ strides: [2], pads: [1, 2], outputPadding: [1] }), x, weights)).toEqual([
    2, 13, 20,
  ]);
  expect(await valuesOf(by({ dilations: [2] }), x, weights, float32([0.5]))).toEqual([
    1.5, 10.5, 2.5, 20.5, 3.5, 30.5,
  ]);
});

/** Channels and units in groups; depthwise is a channel in each. */
interface Grouping {
  readonly group: number;
  readonly channels: number;
  readonly units: number;
}

// The windows over an image give the counts that come in; the image is what comes out, but for its remainder.
async function expectTranspose(
  image: ImageWithWindows,
  { group, channels, units }: Grouping,
  bias: boolean,
  outputPadding: readonly number[] = image.sizes.map(() => 0),
) {
  const { kernel, strides, dilations, pads } = image;
  const inputs = [
    numbersFor([2, group * units, ...countsOf(image.sizes, image)], 1),
    numbersFor([group * units, channels, ...kernel], 2000),
    ...(bias ? [numbersFor([group * channels], 4000)] : []),
  ];
  const options = { strides, dilations, pads, group, outputPadding };
  await expectLikeReference(by(options), plainConvTranspose(image, group, outputPadding), inputs);
}

/** How many elements of the padded image lie behind the last window, along each axis. */
function restsOf(image: ImageWithWindows): number[] {
  const { sizes, kernel, strides, dilations, pads } = image;
  return countsOf(sizes, image).map((count, axis) => {
    const reach = (count - 1) * at(strides, axis) + (at(kernel, axis) - 1) * at(dilations, axis) + 1;
    return at(sizes, axis) + at(pads, axis) + at(pads, axis + sizes.length) - reach;
  });
}

const plain: Grouping = { group: 1, channels: 2, units: 3 };
const square = (size: number, kernel: number): ImageWithWindows => ({
  sizes: [size, size],
  kernel: [kernel, kernel],
  strides: [1, 1],
  dilations: [1, 1],
  pads: [0, 0, 0, 0],
});

describe('ConvTranspose is the sum that its definition writes out, with its gradients and their gradients', () => {
  test.each<[string, ImageWithWindows, Grouping, number[]]>([
    ['alone', square(5, 3), plain, [0, 0]],
    ['with a stride', { ...square(7, 3), strides: [2, 3] }, plain, [0, 0]],
    ['with a stride and output padding', { ...square(7, 3), strides: [2, 3] }, plain, [1, 2]],
    ['with a dilation', { ...square(7, 3), dilations: [2, 3] }, plain, [0, 0]],
    ['with padding', { ...square(4, 3), pads: [1, 1, 1, 1] }, plain, [0, 0]],
    ['with uneven padding', { ...square(4, 3), pads: [2, 0, 1, 2], strides: [2, 3] }, plain, [1, 0]],
    ['in groups', { ...square(5, 3), strides: [2, 1] }, { group: 2, channels: 2, units: 3 }, [1, 0]],
    ['depthwise', { ...square(5, 2), pads: [0, 1, 1, 0] }, { group: 3, channels: 1, units: 1 }, [0, 0]],
    ['depthwise, two units a channel', square(4, 3), { group: 2, channels: 1, units: 2 }, [0, 0]],
    ['along one axis', { sizes: [9], kernel: [3], strides: [2], dilations: [3], pads: [2, 1] }, plain, [1]],
  ])('%s', async (_, image, grouping, outputPadding) => {
    await expectTranspose(image, grouping, false, outputPadding);
    await expectTranspose(image, grouping, true, outputPadding);
  });

  test('with any window, groups and output padding', async () => {
    const groupings = fc.record({
      group: fc.integer({ min: 1, max: 3 }),
      channels: fc.integer({ min: 1, max: 2 }),
      units: fc.integer({ min: 1, max: 2 }),
    });
    // Of the elements behind the last window, some stay: at least one where there would be none otherwise.
    const withPadding = imagesToConvolve.chain((image) =>
      fc.tuple(fc.constant(image), fc.nat(2)).map(([drawn, added]) => {
        const rests = restsOf(drawn);
        const least = drawn.sizes.map((size, axis) => Math.max(0, 1 - size + at(rests, axis)));
        const most = drawn.strides.map((stride) => stride - 1);
        const outputPadding = least.map((one, axis) => Math.min(Math.max(one, added), at(most, axis)));
        return { image: drawn, outputPadding };
      }),
    );
    await fc.assert(
      fc.asyncProperty(withPadding, groupings, fc.boolean(), ({ image, outputPadding }, grouping, bias) =>
        expectTranspose(image, grouping, bias, outputPadding),
      ),
      { seed: 1, numRuns: 40 },
    );
  });
});

test('ConvTranspose is the transpose of Conv: both give the same product with any image and signal', async () => {
  const grouped: Grouping = { group: 2, channels: 2, units: 1 };
  await fc.assert(
    fc.asyncProperty(imagesToConvolve, async (image) => {
      const { sizes, kernel, strides, dilations, pads } = image;
      const counts = countsOf(sizes, image);
      const outputPadding = restsOf(image);
      const options = { strides, dilations, pads, group: grouped.group };
      const difference: Build = (b, x, y, weights) =>
        sub(
          b,
          reduceSum(b, mul(b, conv(b, x, weights, undefined, options), y)),
          reduceSum(b, mul(b, x, convTranspose(b, y, weights, undefined, { ...options, outputPadding }))),
        );
      const [result] = await valuesOf(
        difference,
        tensorOf(numbersFor([2, 4, ...sizes], 1)),
        tensorOf(numbersFor([2, 2, ...counts], 500)),
        tensorOf(numbersFor([2, 2, ...kernel], 900)),
      );
      expect(Math.abs(result ?? NaN)).toBeLessThan(1e-4);
    }),
    { seed: 1, numRuns: 15 },
  );
});

describe('shapes', () => {
  const weights: ['float32', ...number[]] = ['float32', 4, 3, 3];

  test('the result has the channels of all groups; the batch may be symbolic', () => {
    expect(shapeOf(by({ group: 2 }), ['float32', 'batch', 4, 8], weights)).toEqual(['batch', 6, 10]);
  });

  test('channels and groups that do not fit the weights are refused', () => {
    expect(() => shapeOf(by(), ['float32', 'batch', 3, 8], weights)).toThrow(
      "ConvTranspose: 'input0' [batch, 3, 8] has 3 channels, expected 4 for 'input1' [4, 3, 3]",
    );
    expect(() => shapeOf(by({ group: 3 }), ['float32', 'batch', 4, 8], weights)).toThrow(
      "ConvTranspose: 3 groups do not divide axis 0 of 'input1' [4, 3, 3]",
    );
  });

  test('the bias has a number per channel', () => {
    expect(() => shapeOf(by({ group: 2 }), ['float32', 2, 4, 8], weights, ['float32', 4])).toThrow(
      "ConvTranspose: 'input2' has shape [4], expected [6]",
    );
  });

  test('an image of another rank is refused', () => {
    expect(() => shapeOf(by(), ['float32', 2, 4, 8, 8], weights)).toThrow(
      "ConvTranspose: 'input0' has shape [2, 4, 8, 8], expected 1 sizes behind batch and channels",
    );
  });

  test('pads that leave nothing, too much output padding and a stated output_shape are refused', () => {
    expect(() => shapeOf(by({ pads: [2, 1] }), ['float32', 2, 4, 1], weights)).toThrow(
      "ConvTranspose: pads [2, 1] leave [0] of 'input0' [2, 4, 1], expected sizes of 1 or more",
    );
    expect(() => shapeOf(by({ strides: [2], outputPadding: [2] }), ['float32', 2, 4, 5], weights)).toThrow(
      'ConvTranspose: output_padding is [2], expected less than the strides [2]',
    );
    const stated: Build = (b, x, w) => b.add('ConvTranspose', [x, w], { output_shape: { ints: [9] } });
    expect(() => shapeOf(stated, ['float32', 2, 4, 5], weights)).toThrow(
      'ConvTranspose: output_shape is given, expected pads and output_padding',
    );
  });
});
