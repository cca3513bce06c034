import type { Dataset, ImageCollection, ImageSamples } from './dataset.js';
import { splitIndices, type SplitOptions } from './split.js';

/**
 * Images as a dataset: the training side is divided at random, in the order of {@link splitIndices}; the test side stays
 * as it is.
 *
 * @throws Error with one sentence when `validation` or `seed` is out of range.
 */
export function divideImages(collection: ImageCollection, options: SplitOptions): Dataset {
  const { train, validation } = splitIndices(collection.train.labels.data.length, options);
  return {
    ...collection,
    train: take(collection.train, train),
    validation: take(collection.train, validation),
  };
}

function take({ inputs, labels }: ImageSamples, indices: Int32Array): ImageSamples {
  const size = inputs.data.length / labels.data.length;
  const data = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => {
    data.set(inputs.data.subarray(index * size, (index + 1) * size), i * size);
  });
  return {
    inputs: { ...inputs, shape: [indices.length, ...inputs.shape.slice(1)], data },
    labels: {
      dtype: 'int32',
      shape: [indices.length],
      data: indices.map((index) => labels.data[index] ?? 0),
    },
  };
}
