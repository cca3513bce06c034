import { describe, expect, it } from 'vitest';
import { denseDataset, imageDataset, type Dataset, type Samples } from '../src/index.js';
import { messageOf } from './support/sentence.js';

const labels = { dtype: 'int32', shape: [1], data: Int32Array.of(0) } as const;
const images: Samples = {
  inputs: { layout: 'dense', dtype: 'uint8', shape: [1, 2], data: Uint8Array.of(1, 2) },
  labels,
};
const sequences: Samples = {
  inputs: { layout: 'dense', dtype: 'int32', shape: [1, 2], data: Int32Array.of(1, 2) },
  labels,
};
const bags: Samples = {
  inputs: {
    layout: 'sparse',
    dtype: 'float32',
    shape: [1, 2],
    offsets: Int32Array.of(0, 1),
    indices: Int32Array.of(1),
    values: Float32Array.of(1),
  },
  labels,
};
const sets: Samples = { ...images, labels: { dtype: 'uint8', shape: [1, 2], data: Uint8Array.of(1, 1) } };

function datasetOf(side: Samples): Dataset {
  return {
    id: 'any',
    checksum: '',
    inputShape: [2],
    inputScale: 1,
    classNames: ['a', 'b'],
    train: side,
    validation: side,
    test: side,
  };
}

describe('a dataset for code that takes no other', () => {
  it('is the same when it is one', () => {
    expect(denseDataset(datasetOf(images))).toEqual(datasetOf(images));
    expect(denseDataset(datasetOf(sequences))).toEqual(datasetOf(sequences));
    expect(imageDataset(datasetOf(images))).toEqual(datasetOf(images));
  });

  it.each([
    ['bags of words', bags, denseDataset],
    ['bags of words', bags, imageDataset],
    ['sets of classes', sets, denseDataset],
    ['sets of classes', sets, imageDataset],
    ['sequences of words', sequences, imageDataset],
  ])('is refused when its samples are %s', async (name, side, narrow) => {
    const message = await messageOf(() => narrow(datasetOf(side)));
    expect(message).toMatch(/^dataset any: expected /);
    expect(message).toContain(`found ${name}, which cannot be taken here yet;`);
  });
});
