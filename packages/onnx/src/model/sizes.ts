import type { Int64 } from '../schema.js';
import { safeInteger } from '../schema.js';

/**
 * The sizes of a tensor that a file declares, as numbers.
 *
 * @throws Error when a size is negative, or their product is not an exact integer.
 */
export function readSizes(dims: readonly Int64[], where: string): number[] {
  const sizes = dims.map((dim) => readSize(dim, where));
  if (elementCount(sizes) === undefined) {
    throw new Error(`${where}: shape [${sizes.join(', ')}] holds more elements than can be counted`);
  }
  return sizes;
}

/** One size. @throws Error when it is negative or not an exact integer. */
function readSize(dim: Int64, where: string): number {
  const size = safeInteger(dim);
  if (size === undefined || size < 0) {
    throw new Error(`${where}: a size must be between 0 and 2^53 - 1, found ${dim.toString()}`);
  }
  return size;
}

/** The product of sizes, or `undefined` when it is not an exact integer. 0 when any size is 0, however large the others. */
export function elementCount(sizes: readonly number[]): number | undefined {
  if (sizes.includes(0)) return 0;
  let count = 1;
  for (const size of sizes) {
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}
