import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageCollection, ImageSamples } from '../src/dataset.js';
import { divideImages } from '../src/divide-images.js';
import { imageDataset, splitIndices } from '../src/index.js';

/** Sample i has the pixels i, i + 100 and the label i % 5, so that each is known wherever it goes. */
function traceable(count: number): ImageCollection {
  const side = (n: number): ImageSamples => ({
    inputs: {
      layout: 'dense',
      dtype: 'uint8',
      shape: [n, 1, 2],
      data: Uint8Array.from({ length: 2 * n }, (_, i) => (i >> 1) + 100 * (i & 1)),
    },
    labels: { dtype: 'int32', shape: [n], data: Int32Array.from({ length: n }, (_, i) => i % 5) },
  });
  return {
    id: 'traceable',
    checksum: '',
    inputShape: [1, 2],
    inputScale: 1,
    classNames: ['0', '1', '2', '3', '4'],
    train: side(count),
    test: side(3),
  };
}

const splits = fc.integer({ min: 2, max: 150 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    validation: fc.integer({ min: 1, max: count - 1 }),
    seed: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  }),
);

describe('the division of images', () => {
  it('moves each sample with its own label, and leaves the dataset as it was', () => {
    fc.assert(
      fc.property(splits, ({ count, validation, seed }) => {
        const dataset = traceable(count);
        const split = imageDataset(divideImages(dataset, { validation, seed }));
        const indices = splitIndices(count, { validation, seed });
        for (const side of ['train', 'validation'] as const) {
          const { inputs, labels } = split[side];
          expect(inputs.shape).toEqual([indices[side].length, 1, 2]);
          expect(labels.shape).toEqual([indices[side].length]);
          expect([...inputs.data]).toEqual([...indices[side]].flatMap((i) => [i, (i + 100) % 256]));
          expect([...labels.data]).toEqual([...indices[side]].map((i) => i % 5));
        }
        expect(split.test).toEqual(dataset.test);
        expect(dataset).toEqual(traceable(count));
      }),
      { seed: 1, numRuns: 50 },
    );
  });
});
