import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A sequence of random numbers that is a function of its seed and name alone. Drawing advances it. */
export interface Stream {
  /** A float64 in [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /**
   * A whole number in [0, below), each equally likely (draws that would favour the low ones are rejected).
   *
   * @param below a whole number from 1 to 2^32
   * @throws RangeError when it is not.
   */
  integer(below: number): number;
  /** A float64 from the Gaussian with mean 0 and variance 1, by Marsaglia's polar method. */
  normal(): number;
  /** The numbers 0 to n-1 in an order drawn uniformly from all n! (Fisher-Yates). */
  permutation(n: number): Int32Array;
  /** Shuffles in place, each order equally likely (Fisher-Yates). */
  shuffle<T>(items: { [index: number]: T; readonly length: number }): void;
}

/**
 * The stream of a seed and a name, such as `stream(seed, 'batches', epoch)`.
 *
 * A stream's first 128 bits are the SHA-256 of `[seed, ...path]` as JSON, so streams of different names are
 * independent and a stream can be had again at any time from its name alone. Nothing about randomness therefore
 * needs to be saved in a checkpoint: because the batches of an epoch come from `(seed, 'batches', epoch)`, a resumed
 * training derives the order of its epoch again and goes on at its step.
 *
 * The generator is xoroshiro128+. Gaussians use only `sqrt` and `log`, and rounding to float32 hides a last-bit
 * difference of `log` between JavaScript engines in all but the rarest case.
 *
 * @param seed a safe integer
 * @param path names and safe integers; the number 1 and the string "1" are different
 * @throws RangeError when a number is not a safe integer.
 */
export function stream(seed: number, ...path: (string | number)[]): Stream {
  for (const part of [seed, ...path]) {
    if (typeof part === 'number' && !Number.isSafeInteger(part)) {
      throw new RangeError(`a random stream is named by whole numbers and strings, found ${part}`);
    }
  }
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...path]))
    .digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));

  const uniform = (): number => uniformFloat64(generator);

  const integer = (below: number): number => {
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) {
      throw new RangeError(
        `a random integer needs a whole number from 1 to 2^32 as its bound, found ${below}`,
      );
    }
    return uniformInt(generator, 0, below - 1);
  };

  // The polar method yields two values at a time.
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };

  const shuffle = <T>(items: { [index: number]: T; readonly length: number }): void => {
    for (let last = items.length - 1; last > 0; last--) {
      const other = integer(last + 1);
      const value = items[last] as T;
      items[last] = items[other] as T;
      items[other] = value;
    }
  };

  const permutation = (n: number): Int32Array => {
    const order = Int32Array.from({ length: n }, (_, index) => index);
    shuffle(order);
    return order;
  };

  return { uniform, integer, normal, permutation, shuffle };
}
