import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Dataset, Samples } from './dataset.js';

/** How to divide the training side. */
export interface SplitOptions {
  /** Samples to set apart for validation, 1 to one less than the training side has; 5,000 of MNIST's 60,000 by default use. */
  readonly validation: number;
  /** Which random division: an int32. The same seed gives the same division on every machine. */
  readonly seed: number;
}

/** The three sides of an experiment. */
export interface Split {
  readonly train: Samples;
  readonly validation: Samples;
  /** The dataset's own test side, untouched. */
  readonly test: Samples;
}

/**
 * Divides the training side at random into training and validation samples; the test side stays as it is.
 *
 * @throws Error with one sentence when `validation` or `seed` is out of range.
 */
export function splitDataset(dataset: Dataset, options: SplitOptions): Split {
  const count = dataset.train.labels.data.length;
  const { train, validation } = splitIndices(count, options);
  return {
    train: take(dataset.train, train),
    validation: take(dataset.train, validation),
    test: dataset.test,
  };
}

/**
 * The division that {@link splitDataset} makes of `count` samples: their indices, each on one side. The validation side is
 * the beginning of a seeded random permutation.
 *
 * @throws Error with one sentence when `validation` or `seed` is out of range.
 */
export function splitIndices(
  count: number,
  { validation, seed }: SplitOptions,
): { train: Int32Array; validation: Int32Array } {
  if (!Number.isInteger(validation) || validation < 1 || validation > count - 1) {
    throw new Error(
      `validation split: expected a whole number from 1 to ${count - 1} (one less than the ${count} training samples), found ${validation}; change "validation".`,
    );
  }
  if (seed !== (seed | 0)) {
    throw new Error(
      `validation split: expected a seed that is a whole number from -2147483648 to 2147483647, found ${seed}; change "splitSeed".`,
    );
  }
  const order = permutation(count, seed);
  return { train: order.slice(validation), validation: order.slice(0, validation) };
}

/** Fisher-Yates, with integers drawn without bias (by rejection): every order is equally likely over the seeds. */
function permutation(count: number, seed: number): Int32Array {
  const random = xoroshiro128plus(seed);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const chosen = uniformInt(random, 0, last);
    const value = order[last] ?? 0;
    order[last] = order[chosen] ?? 0;
    order[chosen] = value;
  }
  return order;
}

function take({ inputs, labels }: Samples, indices: Int32Array): Samples {
  const size = inputs.data.length / labels.data.length;
  const data = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => {
    data.set(inputs.data.subarray(index * size, (index + 1) * size), i * size);
  });
  return {
    inputs: { dtype: 'uint8', shape: [indices.length, ...inputs.shape.slice(1)], data },
    labels: {
      dtype: 'int32',
      shape: [indices.length],
      data: indices.map((index) => labels.data[index] ?? 0),
    },
  };
}
