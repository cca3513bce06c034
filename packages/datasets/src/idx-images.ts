import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, Samples } from './dataset.js';
import { reasonOf } from './files.js';
import { readIdx, type IdxFile } from './idx.js';

/** The four files of an image collection in MNIST's layout. */
export interface IdxImageFiles {
  readonly trainImages: string;
  readonly trainLabels: string;
  readonly testImages: string;
  readonly testLabels: string;
}

const roles = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;

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
export async function readIdxImages(files: IdxImageFiles, options: IdxImageOptions): Promise<Dataset> {
  const hashes: string[] = [];
  const read: Partial<Record<keyof IdxImageFiles, IdxFile>> = {};
  // One after the other, so that at most one file is in memory both packed and unpacked.
  for (const role of roles) {
    const file = await readIdx(files[role]);
    hashes.push(verifiedHash(file.bytes, files[role], options.sha256?.[role]));
    read[role] = file;
  }
  const { trainImages, trainLabels, testImages, testLabels } = read as Record<keyof IdxImageFiles, IdxFile>;

  const train = samples(trainImages, files.trainImages, trainLabels, files.trainLabels);
  const test = samples(testImages, files.testImages, testLabels, files.testLabels);
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
    checksum: createHash('sha256').update(hashes.join('\n')).digest('hex'),
    inputShape,
    inputScale: 1 / 255,
    classNames,
    train,
    test,
  };
}

function verifiedHash(bytes: Uint8Array, path: string, expected: string | undefined): string {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (expected !== undefined && found !== expected) {
    throw new Error(
      `${path}: expected the SHA-256 ${expected}, found ${found}; the file was changed or damaged, install it again.`,
    );
  }
  return found;
}

function samples(images: IdxFile, imagesPath: string, labels: IdxFile, labelsPath: string): Samples {
  refuseOtherRank(images, imagesPath, 3, 'images [n, rows, columns]');
  refuseOtherRank(labels, labelsPath, 1, 'labels [n]');
  for (const [file, path] of [
    [images, imagesPath],
    [labels, labelsPath],
  ] as const) {
    if (file.data.length === 0) {
      throw new Error(
        `${path}: expected at least one sample, found shape [${file.shape.join(', ')}]; get the file again.`,
      );
    }
  }
  if (images.shape[0] !== labels.data.length) {
    throw new Error(
      `${labelsPath}: expected ${images.shape[0]} labels, one for each image of ${imagesPath}, found ${labels.data.length}; use files of the same dataset.`,
    );
  }
  return {
    inputs: { dtype: 'uint8', shape: images.shape, data: images.data },
    labels: { dtype: 'int32', shape: labels.shape, data: Int32Array.from(labels.data) },
  };
}

function refuseOtherRank(file: IdxFile, path: string, rank: number, meaning: string): void {
  if (file.shape.length === rank) return;
  throw new Error(
    `${path}: expected ${meaning}, found an array of shape [${file.shape.join(', ')}]; check that images and labels are not mixed up.`,
  );
}

function refuseLabelsFrom(classes: number, { labels }: Samples, path: string): void {
  const index = labels.data.findIndex((label) => label >= classes);
  if (index < 0) return;
  throw new Error(
    `${path}: label ${labels.data[index]} of sample ${index} is outside the ${classes} classes (0 to ${classes - 1}) of the training labels; use files of the same dataset.`,
  );
}

function largest(values: Int32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}
