import { sizeOf, tensor } from '@winning-tickets/onnx';
import { type Mask, type Masks, survivors } from '@winning-tickets/ticket';
import { type Stream, stream } from '../rng.js';

/**
 * A mask with exactly `count` survivors, each set of positions equally likely.
 *
 * @throws RangeError when the shape has fewer elements than `count`.
 */
export function randomMask(shape: readonly number[], count: number, random: Stream): Mask {
  const size = sizeOf(shape);
  if (!Number.isInteger(count) || count < 0 || count > size) {
    throw new RangeError(`a mask of shape [${shape.join(', ')}] cannot have ${count} survivors`);
  }
  const data = new Uint8Array(size);
  for (const index of random.permutation(size).subarray(0, count)) data[index] = 1;
  return tensor('uint8', shape, data);
}

/**
 * Masks with as many survivors per parameter as `like` has, at random positions. Every parameter draws from its own
 * stream, `(seed, ...path, parameter name)`.
 */
export function randomMasks(like: Masks, seed: number, ...path: (string | number)[]): Masks {
  return Object.fromEntries(
    Object.entries(like).map(([name, mask]) => [
      name,
      randomMask(mask.shape, survivors(mask), stream(seed, ...path, name)),
    ]),
  );
}
