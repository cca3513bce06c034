import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Writes IDX independently of the parser: magic, big-endian sizes, elements. */
export function encodeIdx(shape: readonly number[], data: ArrayLike<number>, type = 0x08): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt8(type, 2);
  header.writeUInt8(shape.length, 3);
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return new Uint8Array(Buffer.concat([header, Uint8Array.from(data)]));
}

/** A small dataset in MNIST's layout, as the contents of its files. */
export function tinyFiles(
  change: Partial<Record<'trainLabels' | 'testLabels', number[]>> & { rows?: number; columns?: number } = {},
): Record<string, Uint8Array> {
  const { rows = 2, columns = 3, trainLabels = [0, 1, 2, 0], testLabels = [2, 1] } = change;
  const images = (count: number): Uint8Array =>
    encodeIdx(
      [count, rows, columns],
      Array.from({ length: count * rows * columns }, (_, i) => (i * 7) % 256),
    );
  return {
    'train-images-idx3-ubyte': images(trainLabels.length),
    'train-labels-idx1-ubyte': encodeIdx([trainLabels.length], trainLabels),
    't10k-images-idx3-ubyte': images(testLabels.length),
    't10k-labels-idx1-ubyte': encodeIdx([testLabels.length], testLabels),
  };
}

/** A fresh folder with these files, removed after the test. */
export async function folderWith(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'datasets-'));
  onTestFinished(async () => {
    await rm(folder, { recursive: true });
  });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  return folder;
}
