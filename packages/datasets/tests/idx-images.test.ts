import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ImageCollection } from '../src/dataset.js';
import { findIdxImages, readIdxImages } from '../src/idx-images.js';
import { encodeIdx, folderWith, tinyFiles } from './support/idx.js';
import { messageOf } from './support/sentence.js';

async function read(directory: string): Promise<ImageCollection> {
  return await readIdxImages(await findIdxImages(directory), { id: 'mnist' });
}

async function load(files: Readonly<Record<string, Uint8Array>>): Promise<ImageCollection> {
  return await read(await folderWith(files));
}

async function refusal(change: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const directory = await folderWith({ ...tinyFiles(), ...change });
  const message = await messageOf(() => read(directory));
  return message.replaceAll(join(directory, '/'), '');
}

describe("a folder in MNIST's layout", () => {
  it('is a dataset of any image size, its classes named by number', async () => {
    const dataset = await load(tinyFiles({ rows: 5, columns: 2 }));
    expect(dataset.id).toBe('mnist');
    expect(dataset.inputShape).toEqual([5, 2]);
    expect(dataset.inputScale).toBe(1 / 255);
    expect(dataset.classNames).toEqual(['0', '1', '2']);
    expect(dataset.train.inputs).toMatchObject({ dtype: 'uint8', shape: [4, 5, 2] });
    expect([...dataset.train.inputs.data.subarray(0, 3)]).toEqual([0, 7, 14]);
    expect(dataset.train.labels).toEqual({ dtype: 'int32', shape: [4], data: Int32Array.of(0, 1, 2, 0) });
    expect(dataset.test.labels.data).toEqual(Int32Array.of(2, 1));
  });

  it('is the same dataset with every spelling of the names, gzipped or not', async () => {
    const plain = await load(tinyFiles());
    const rename = (change: (name: string) => string, pack = false): Record<string, Uint8Array> =>
      Object.fromEntries(
        Object.entries(tinyFiles()).map(([name, bytes]) => [change(name), pack ? gzipSync(bytes) : bytes]),
      );
    expect(await load(rename((name) => name.replace('-idx', '.idx')))).toEqual(plain);
    expect(await load(rename((name) => `${name}.gz`, true))).toEqual(plain);
    expect(await load(rename((name) => `${name.replace('-idx', '.idx')}.gz`, true))).toEqual(plain);
  });

  it('has another checksum when one byte is another', async () => {
    const files = tinyFiles();
    const { checksum } = await load(files);
    expect(checksum).toMatch(/^[0-9a-f]{64}$/);
    files['t10k-images-idx3-ubyte']?.set([99], 16);
    expect((await load(files)).checksum).not.toBe(checksum);
  });

  it('may have more than ten classes, and as many as 256', async () => {
    expect((await load(tinyFiles({ trainLabels: [0, 46] }))).classNames).toHaveLength(47);
    expect((await load(tinyFiles({ trainLabels: [255, 1] }))).classNames).toHaveLength(256);
  });
});

describe("a folder that is not in MNIST's layout", () => {
  it('is refused with the names looked for when it is not there', async () => {
    const directory = join(await folderWith({}), 'none');
    expect(await messageOf(() => read(directory))).toBe(
      `${directory}: the folder cannot be read (ENOENT); it should hold train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (each also as .gz).`,
    );
  });

  it('is refused with the names looked for when it is a file', async () => {
    const directory = join(await folderWith({ file: new Uint8Array(1) }), 'file');
    expect(await messageOf(() => read(directory))).toContain('(ENOTDIR)');
  });

  it.each(Object.keys(tinyFiles()))('is refused without %s', async (missing) => {
    const directory = await folderWith(
      Object.fromEntries(Object.entries(tinyFiles()).filter(([name]) => name !== missing)),
    );
    expect(await messageOf(() => read(directory))).toContain(`found no ${missing};`);
  });

  it('is refused when labels lie where images should, and the reverse', async () => {
    expect(await refusal({ 'train-images-idx3-ubyte': encodeIdx([4], [0, 1, 2, 0]) })).toBe(
      'train-images-idx3-ubyte: expected images [n, rows, columns], found an array of shape [4]; check that images and labels are not mixed up.',
    );
    expect(await refusal({ 't10k-labels-idx1-ubyte': encodeIdx([2, 1, 1], [0, 1]) })).toContain(
      't10k-labels-idx1-ubyte: expected labels [n], found an array of shape [2, 1, 1]',
    );
  });

  it('is refused when there are not as many labels as images', async () => {
    expect(await refusal({ 'train-labels-idx1-ubyte': encodeIdx([3], [0, 1, 2]) })).toBe(
      'train-labels-idx1-ubyte: expected 4 labels, one for each image of train-images-idx3-ubyte, found 3; use files of the same dataset.',
    );
  });

  it('is refused when a side is empty or the images have no pixels', async () => {
    expect(
      await refusal({
        't10k-images-idx3-ubyte': encodeIdx([0, 2, 3], []),
        't10k-labels-idx1-ubyte': encodeIdx([0], []),
      }),
    ).toContain('t10k-images-idx3-ubyte: expected at least one sample, found shape [0, 2, 3]');
    expect(await refusal({ 'train-images-idx3-ubyte': encodeIdx([4, 0, 3], []) })).toContain(
      'shape [4, 0, 3]',
    );
  });

  it('is refused when the test images have another size', async () => {
    expect(await refusal({ 't10k-images-idx3-ubyte': encodeIdx([2, 3, 2], new Uint8Array(12)) })).toBe(
      't10k-images-idx3-ubyte: expected images of [2, 3] as in train-images-idx3-ubyte, found [3, 2]; use files of the same dataset.',
    );
  });

  it('is refused when a test label is none of the training classes', async () => {
    expect(await refusal({ 't10k-labels-idx1-ubyte': encodeIdx([2], [1, 3]) })).toBe(
      't10k-labels-idx1-ubyte: label 3 of sample 1 is outside the 3 classes (0 to 2) of the training labels; use files of the same dataset.',
    );
  });

  it('is refused when there is only one class', async () => {
    expect(await refusal({ 'train-labels-idx1-ubyte': encodeIdx([4], [0, 0, 0, 0]) })).toContain(
      'at least two classes',
    );
  });

  it('is refused when a file is damaged', async () => {
    expect(await refusal({ 'train-labels-idx1-ubyte': encodeIdx([4], [0, 1, 2]) })).toContain(
      'train-labels-idx1-ubyte: shape [4] takes a file of 12 bytes, found 11',
    );
  });
});
