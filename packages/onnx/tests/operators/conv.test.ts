import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConvOptions } from '../../src/index.js';
import { conv, float32 } from '../../src/index.js';
import { convOperator } from '../../src/operators/conv.js';
import type { ImageWithWindows } from './images.js';
import { expectLikeReference, imagesToConvolve, numbersFor, plainConv } from './images.js';
import type { Build } from './support.js';
import { batched, counting, shapeOf, testDTypes, valuesOf } from './support.js';

const by =
  (options: ConvOptions = {}): Build =>
  (b, x, weights, bias) =>
    conv(b, x, weights, bias, options);

testDTypes(convOperator, (dtype) => [
  by(),
  batched(counting(dtype, [2, 3, 4, 5])),
  counting(dtype, [6, 3, 2, 2]),
  counting(dtype, [6]),
]);

test('Conv weighs the elements under each window and adds the bias', async () => {
  const x = float32([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]);
  const weights = float32([1, 0, 0, 10], [1, 1, 2, 2]);
  expect(await valuesOf(by(), x, weights)).toEqual([51, 62, 84, 95]);
  expect(await valuesOf(by(), x, weights, float32([0.5]))).toEqual([51.5, 62.5, 84.5, 95.5]);
  expect(await valuesOf(by({ pads: [1, 0, 0, 0], strides: [2, 1] }), x, weights)).toEqual([20, 30, 84, 95]);
});

/** Channels and units in groups; depthwise is a channel in each. */
interface Grouping {
  readonly group: number;
  readonly channels: number;
  readonly units: number;
}

async function expectConvolution(
  image: ImageWithWindows,
  { group, channels, units }: Grouping,
  bias: boolean,
) {
  const { sizes, kernel, strides, dilations, pads } = image;
  const inputs = [
    numbersFor([2, group * channels, ...sizes], 1),
    numbersFor([group * units, channels, ...kernel], 2000),
    ...(bias ? [numbersFor([group * units], 4000)] : []),
  ];
  await expectLikeReference(by({ strides, dilations, pads, group }), plainConv(image, group), inputs);
}

const plain: Grouping = { group: 1, channels: 2, units: 3 };
const square = (size: number, kernel: number): ImageWithWindows => ({
  sizes: [size, size],
  kernel: [kernel, kernel],
  strides: [1, 1],
  dilations: [1, 1],
  pads: [0, 0, 0, 0],
});

describe('Conv is the sum that its definition writes out, with its gradients and their gradients', () => {
  test.each<[string, ImageWithWindows, Grouping]>([
    ['alone', square(5, 3), plain],
    ['with a stride that leaves a remainder', { ...square(6, 3), strides: [2, 2] }, plain],
    ['with a kernel of one and a stride', { ...square(6, 1), strides: [3, 2] }, plain],
    ['with a dilation', { ...square(7, 3), dilations: [2, 3] }, plain],
    [
      'with a dilation and a stride with a remainder',
      { ...square(8, 3), strides: [2, 2], dilations: [2, 3] },
      plain,
    ],
    ['with padding', { ...square(4, 3), pads: [1, 1, 1, 1] }, plain],
    ['with uneven padding', { ...square(4, 3), pads: [2, 0, 1, 2], strides: [2, 3] }, plain],
    ['in groups', { ...square(5, 3), strides: [2, 1] }, { group: 2, channels: 2, units: 3 }],
    ['depthwise', { ...square(5, 2), pads: [0, 1, 1, 0] }, { group: 3, channels: 1, units: 1 }],
    ['depthwise with two units per channel', square(4, 3), { group: 2, channels: 1, units: 2 }],
    ['with more padding than kernel', { ...square(2, 2), strides: [3, 1], pads: [2, 3, 0, 2] }, plain],
    ['of many channels', { ...square(4, 3), pads: [1, 1, 2, 0] }, { group: 1, channels: 12, units: 2 }],
    ['of many channels in groups', square(3, 2), { group: 2, channels: 33, units: 1 }],
    ['along one axis', { sizes: [9], kernel: [3], strides: [2], dilations: [3], pads: [2, 1] }, plain],
  ])('%s', async (_, image, grouping) => {
    await expectConvolution(image, grouping, false);
    await expectConvolution(image, grouping, true);
  });

  test('with any window and groups', async () => {
    const groupings = fc.record({
      group: fc.integer({ min: 1, max: 3 }),
      channels: fc.integer({ min: 1, max: 2 }),
      units: fc.integer({ min: 1, max: 2 }),
    });
    await fc.assert(fc.asyncProperty(imagesToConvolve, groupings, fc.boolean(), expectConvolution), {
      seed: 1,
      numRuns: 40,
    });
  });
});

describe('shapes', () => {
  test('the batch may be symbolic, the weights not', () => {
    expect(shapeOf(by(), ['float32', 'batch', 3, 8, 9], ['float32', 4, 3, 3, 2])).toEqual(['batch', 4, 6, 8]);
    expect(() => shapeOf(by(), ['float32', 4, 'batch', 8], ['float32', 2, 'batch', 3])).toThrow(
      "Conv: weights 'input1' have shape [2, batch, 3], expected known sizes",
    );
  });

  test('a kernel larger than the padded image is refused', () => {
    expect(() =>
      shapeOf(
        by({ pads: [0, 0, 1, 1], dilations: [1, 3] }),
        ['float32', 'batch', 3, 4, 4],
        ['float32', 2, 3, 5, 3],
      ),
    ).toThrow("Conv: the kernel spans [5, 7], more than 'input0', [5, 5] with its padding");
  });

  test('channels that do not fit the weights are refused', () => {
    expect(() => shapeOf(by(), ['float32', 'batch', 4, 8, 8], ['float32', 2, 3, 3, 3])).toThrow(
      "Conv: 'input0' [batch, 4, 8, 8] has 4 channels, expected 3 for 'input1' [2, 3, 3, 3]",
    );
    expect(() => shapeOf(by({ group: 2 }), ['float32', 'batch', 3, 8, 8], ['float32', 2, 3, 3, 3])).toThrow(
      "Conv: 'input0' [batch, 3, 8, 8] has 3 channels, expected 6 for 'input1' [2, 3, 3, 3]",
    );
  });

  test.each([0, 1.5, 3])('%d groups do not divide four units', (group) => {
    expect(() => shapeOf(by({ group }), ['float32', 'batch', 6, 8], ['float32', 4, 2, 3])).toThrow(
      `Conv: ${group} groups do not divide axis 0 of 'input1' [4, 2, 3]`,
    );
  });

  test('images have one or two known sizes, as many as the kernel', () => {
    expect(() => shapeOf(by(), ['float32', 'batch', 3, 'width'], ['float32', 4, 3, 3])).toThrow(
      "Conv: 'input0' has shape [batch, 3, width], expected batch, channels and one or two known sizes",
    );
    expect(() => shapeOf(by(), ['float32', 2, 3, 4, 4, 4], ['float32', 4, 3, 1, 1, 1])).toThrow(
      "Conv: 'input1' has shape [4, 3, 1, 1, 1], expected batch, channels and one or two known sizes",
    );
    expect(() => shapeOf(by(), ['float32', 2, 3, 4, 4], ['float32', 4, 3, 3])).toThrow(
      "Conv: 'input0' has shape [2, 3, 4, 4], expected 1 sizes behind batch and channels for a kernel [3]",
    );
  });

  test('dtypes and the bias must fit', () => {
    const image: ['float32', ...number[]] = ['float32', 2, 3, 4];
    expect(() => shapeOf(by(), image, ['float64', 4, 3, 3])).toThrow(
      "Conv: 'input0' is float32 but 'input1' is float64",
    );
    expect(() => shapeOf(by(), image, ['float32', 4, 3, 3], ['float64', 4])).toThrow(
      "Conv: 'input1' is float32 but 'input2' is float64",
    );
    expect(() => shapeOf(by(), image, ['float32', 4, 3, 3], ['float32', 3])).toThrow(
      "Conv: 'input2' has shape [3], expected [4]",
    );
    expect(() => shapeOf(by(), image, ['float32', 4, 3, 3], ['float32', 1, 4])).toThrow(
      "Conv: 'input2' has shape [1, 4], expected rank 1",
    );
  });

  test.each<[string, ConvOptions, string]>([
    ['strides of 0', { strides: [0] }, 'strides are [0], expected 1 whole numbers of 1 or more'],
    [
      'strides for two axes',
      { strides: [1, 1] },
      'strides are [1, 1], expected 1 whole numbers of 1 or more',
    ],
    ['dilations of 0', { dilations: [0] }, 'dilations are [0], expected 1 whole numbers of 1 or more'],
    ['negative pads', { pads: [-1, 0] }, 'pads are [-1, 0], expected 2 whole numbers of 0 or more'],
  ])('%s are refused', (_, options, message) => {
    expect(() => shapeOf(by(options), ['float32', 2, 3, 4], ['float32', 4, 3, 3])).toThrow(
      `Conv: ${message}`,
    );
  });

  test('an automatic padding and a kernel_shape that is not that of the weights are refused', () => {
    const withAttribute =
      (name: string, attribute: { string: string } | { ints: number[] }): Build =>
      (b, x, weights) =>
        b.add('Conv', [x, weights], { [name]: attribute });
    const shapes: ['float32', ...number[]][] = [
      ['float32', 2, 3, 4],
      ['float32', 4, 3, 3],
    ];
    expect(shapeOf(withAttribute('kernel_shape', { ints: [3] }), ...shapes)).toEqual([2, 4, 2]);
    expect(shapeOf(withAttribute('auto_pad', { string: 'NOTSET' }), ...shapes)).toEqual([2, 4, 2]);
    expect(() => shapeOf(withAttribute('auto_pad', { string: 'SAME_UPPER' }), ...shapes)).toThrow(
      "Conv: auto_pad is 'SAME_UPPER', expected its padding as pads",
    );
    expect(() => shapeOf(withAttribute('kernel_shape', { ints: [2] }), ...shapes)).toThrow(
      "Conv: kernel_shape is [2], expected that of 'input1' [4, 3, 3]",
    );
  });
});
