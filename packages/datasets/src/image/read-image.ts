import type { ImageSamples } from '../dataset.js';
import { readBeginning, withFile } from '../files.js';
import type { ImageSize } from './image.js';
import { decodePgm, isPgm } from './pgm.js';
import { decodePng, isPng } from './png.js';

/** More than any honest image of the size can take: 16 bytes a pixel, and a mebibyte of comments and profiles. */
function largestFile({ height, width }: ImageSize): number {
  return 2 ** 20 + 16 * height * width;
}

/**
 * Reads one image as an input of a network: a PGM (plain or binary) or PNG file, told by its first bytes, converted to
 * grayscale of 0 (black) to 255 (white). It is neither resized nor inverted: MNIST's digits are white on black.
 *
 * @param path the file.
 * @param inputShape shape of a network's input: `[rows, columns]`, or `[1, rows, columns]`.
 * @returns the stored values, dtype uint8, in `inputShape`; a network wants them multiplied by the dataset's `inputScale`.
 * @throws Error with one sentence when the file can't be read, is no such image, or has another size.
 */
export async function readImage(
  path: string,
  inputShape: readonly number[],
): Promise<ImageSamples['inputs']> {
  const size = imageSize(path, inputShape);
  const bytes = await readLimited(path, largestFile(size));
  const input = { layout: 'dense', dtype: 'uint8', shape: inputShape } as const;
  if (isPng(bytes)) return { ...input, data: decodePng(bytes, path, size).data };
  if (isPgm(bytes)) return { ...input, data: decodePgm(bytes, path, size).data };
  throw new Error(`${path}: expected a PGM (P2, P5) or PNG image, found another format; convert it.`);
}

function imageSize(path: string, inputShape: readonly number[]): ImageSize {
  const [width = 0, height = 0, ...others] = inputShape.toReversed();
  if (inputShape.length < 2 || others.some((channels) => channels !== 1)) {
    throw new Error(
      `${path}: an image fits a network with inputs of [rows, columns], found a network with inputs of [${inputShape.join(', ')}]; use another network.`,
    );
  }
  return { height, width };
}

async function readLimited(path: string, maximumBytes: number): Promise<Uint8Array> {
  return await withFile(path, async (file, fileBytes) => {
    if (fileBytes > maximumBytes) {
      throw new Error(
        `${path}: an image of the network's input size takes at most ${maximumBytes} bytes, found ${fileBytes}; resize it.`,
      );
    }
    return await readBeginning(file, path, fileBytes);
  });
}
