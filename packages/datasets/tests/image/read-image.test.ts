import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/index.js';
import { folderWith } from '../support/idx.js';
import { messageOf } from '../support/sentence.js';

const pgm = Buffer.from('P2 3 2 255  0 1 2  253 254 255\n');

async function pathOf(bytes: Uint8Array, name = 'image'): Promise<string> {
  return join(await folderWith({ [name]: bytes }), name);
}

describe('an image', () => {
  it('comes in the shape of the input, with or without a channel', async () => {
    const path = await pathOf(pgm);
    for (const shape of [
      [2, 3],
      [1, 2, 3],
    ]) {
      const { dtype, shape: found, data } = await readImage(path, shape);
      expect(dtype).toBe('uint8');
      expect(found).toEqual(shape);
      expect([...data]).toEqual([0, 1, 2, 253, 254, 255]);
    }
  });

  it('is told by its content, not by its name', async () => {
    expect((await readImage(await pathOf(pgm, 'image.png'), [2, 3])).data).toHaveLength(6);
  });
});

describe('an image that is not usable', () => {
  it('is of another format', async () => {
    const path = await pathOf(Buffer.from('GIF89a'));
    expect(await messageOf(() => readImage(path, [2, 3]))).toBe(
      `${path}: expected a PGM (P2, P5) or PNG image, found another format; convert it.`,
    );
    const empty = await pathOf(new Uint8Array());
    expect(await messageOf(() => readImage(empty, [2, 3]))).toContain('found another format');
  });

  it.each([[[784]], [[3, 32, 32]], [[]]])('is for a network with inputs of [%s]', async (shape) => {
    const path = await pathOf(pgm);
    expect(await messageOf(() => readImage(path, shape))).toContain(`inputs of [${shape.join(', ')}]`);
  });

  it('is missing, or a folder', async () => {
    const folder = await folderWith({});
    expect(await messageOf(() => readImage(join(folder, 'none'), [2, 3]))).toContain('(ENOENT)');
    expect(await messageOf(() => readImage(folder, [2, 3]))).toContain('not a regular file');
  });

  it('is far too large a file, and is not even read', async () => {
    const path = await pathOf(pgm);
    await truncate(path, 2 ** 40);
    expect(await messageOf(() => readImage(path, [2, 3]))).toContain(
      `at most ${2 ** 20 + 96} bytes, found ${2 ** 40}`,
    );
  });
});
