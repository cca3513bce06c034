import { permutation } from './permutation.js';

/** How to divide the training side. */
export interface SplitOptions {
  /** Samples to set apart for validation, 1 to one less than the training side has. */
  readonly validation: number;
  /** Which random division: an int32. The same seed gives the same division on every machine. */
  readonly seed: number;
}

/**
 * Divides `count` training samples at random: their indices, each on one side. The validation side is the beginning of a
 * seeded random permutation.
 *
 * @throws Error with one sentence when `validation` or `seed` is out of range.
 */
export function splitIndices(
  count: number,
  { validation, seed }: SplitOptions,
): { train: Int32Array; validation: Int32Array } {
  checkSplit(count, { validation, seed });
  const order = permutation(count, seed);
  return { train: order.slice(validation), validation: order.slice(0, validation) };
}

/** @throws Error with one sentence when `count` samples cannot be divided so. */
export function checkSplit(count: number, { validation, seed }: SplitOptions): void {
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
}
