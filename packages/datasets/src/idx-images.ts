import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checksumOf, expectSha256, sha256 } from './checksum.js';
import type { ImageCollection, ImageSamples } from './dataset.js';
import { reasonOf } from './files.js';
import { readIdx, type Idx } from './idx.js';

/** The four files of an image collection in MNIST's layout. */
export interface IdxImageFiles {
  readonly trainImages: string;
  readonly trainLabels: string;
  readonly testImages: string;
  readonly testLabels: string;
}

const stems: Readonly<IdxImageFiles> = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/** The spellings of a file's name, in the order of preference: some tools unpack `-idx3` as `.idx3`. */
function spellings(stem: string): string[] {
  const dotted = stem.replace('-idx', '.idx');
  return [stem, dotted, `${stem}.gz`, `${dotted}.gz`];
}

/**
 * Finds MNIST's four files in a folder, each as `train-images-idx3-ubyte` or `train-images.idx3-ubyte`, with or without
 * `.gz` (the unpacked one first).
 *
 * @throws Error with one sentence that names the files looked for, when the folder can't be read or a file is not there.
 */
export async function findIdxImages(directory: string): Promise<IdxImageFiles> {
  const lookedFor = `${Object.values(stems).join(', ')} (each also as .gz)`;
  let names: Set<string>;
  try {
    names = new Set(await readdir(directory));
  } catch (error) {
    throw new Error(
      `${directory}: the folder cannot be read (${reasonOf(error)}); it should hold ${lookedFor}.`,
      {
        cause: error,
      },
    );
  }
  const find = (stem: string): string => {
    const name = spellings(stem).find((spelling) => names.has(spelling));
    if (name === undefined) {
      throw new Error(`${directory}: found no ${stem}; the folder should hold ${lookedFor}.`);
    }
    return join(directory, name);
  };
  return {
    trainImages: find(stems.trainImages),
    trainLabels: find(stems.trainLabels),
    testImages: find(stems.testImages),
    testLabels: find(stems.testLabels),
  };
}

/** What a dataset knows of its files beforehand. */
export interface IdxImageOptions {
  readonly id: string;
  /** The class names, or undefined for `"0"` to the largest training label. */
  readonly classNames?: readonly string[];
  /** The SHA-256 (hex) that each unpacked file must have, or undefined for any. */
  readonly sha256?: Readonly<IdxImageFiles>;
}

/**
 * Reads an image classification dataset from four IDX files: images `[n, rows, columns]`, labels `[n]`.
 *
 * @throws Error with one sentence when a file is damaged, is not what its name says, or the files don't fit together.
 */
export async function readIdxImages(
  files: IdxImageFiles,
  options: IdxImageOptions,
): Promise<ImageCollection> {
  // One after the other, so that at most one file is in memory both packed and unpacked.
  const trainImages = await readVerified(files.trainImages, options.sha256?.trainImages);
  const trainLabels = await readVerified(files.trainLabels, options.sha256?.trainLabels);
  const testImages = await readVerified(files.testImages, options.sha256?.testImages);
  const testLabels = await readVerified(files.testLabels, options.sha256?.testLabels);

  const train = samples(trainImages, trainLabels);
  const test = samples(testImages, testLabels);
  const inputShape = train.inputs.shape.slice(1);
  const testShape = test.inputs.shape.slice(1);
  if (inputShape.join() !== testShape.join()) {
    throw new Error(
      `${files.testImages}: expected images of [${inputShape.join(', ')}] as in ${files.trainImages}, found [${testShape.join(', ')}]; use files of the same dataset.`,
    );
  }
  const classNames = options.classNames ?? numbered(largest(train.labels.data) + 1);
  if (classNames.length < 2) {
    throw new Error(`${files.trainLabels}: every label is 0; a classification needs at least two classes.`);
  }
  refuseLabelsFrom(classNames.length, train, files.trainLabels);
  refuseLabelsFrom(classNames.length, test, files.testLabels);
  return {
    id: options.id,
    checksum: checksumOf([trainImages, trainLabels, testImages, testLabels].map(({ hash }) => hash)),
    inputShape,
    inputScale: 1 / 255,
    classNames,
    train,
    test,
  };
}

interface VerifiedFile extends Idx {
  readonly path: string;
  /** SHA-256 (hex) of the unpacked bytes. */
  readonly hash: string;
}

async function readVerified(path: string, expected: string | undefined): Promise<VerifiedFile> {
  const { shape, data, bytes } = await readIdx(path);
  const hash = sha256(bytes);
  if (expected !== undefined) expectSha256(path, hash, expected);
  return { path, shape, data, hash };
}

function samples(images: VerifiedFile, labels: VerifiedFile): ImageSamples {
  refuseOtherRank(images, 3, 'images [n, rows, columns]');
  refuseOtherRank(labels, 1, 'labels [n]');
  refuseEmpty(images);
  refuseEmpty(labels);
  const [count = 0] = images.shape;
  if (count !== labels.data.length) {
    throw new Error(
      `${labels.path}: expected ${count} labels, one for each image of ${images.path}, found ${labels.data.length}; use files of the same dataset.`,
    );
  }
  return {
    inputs: { layout: 'dense', dtype: 'uint8', shape: images.shape, data: images.data },
    labels: { dtype: 'int32', shape: labels.shape, data: Int32Array.from(labels.data) },
  };
}

function refuseOtherRank({ path, shape }: VerifiedFile, rank: number, meaning: string): void {
  if (shape.length === rank) return;
  throw new Error(
    `${path}: expected ${meaning}, found an array of shape [${shape.join(', ')}]; check that images and labels are not mixed up.`,
  );
}

function refuseEmpty({ path, shape, data }: VerifiedFile): void {
  if (data.length > 0) return;
  throw new Error(
    `${path}: expected at least one sample, found shape [${shape.join(', ')}]; get the file again.`,
  );
}

function refuseLabelsFrom(classes: number, { labels }: ImageSamples, path: string): void {
  const index = labels.data.findIndex((label) => label >= classes);
  const label = labels.data[index];
  if (label === undefined) return;
  throw new Error(
    `${path}: label ${label} of sample ${index} is outside the ${classes} classes (0 to ${classes - 1}) of the training labels; use files of the same dataset.`,
  );
}

function largest(values: Int32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}
