import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Mask, Masks, Network } from '@winning-tickets/ticket';
import { survivors } from '@winning-tickets/ticket';
import type { Stream } from '../rng.js';
import { stream } from '../rng.js';
import { randomMask } from './random.js';

/** Masks with the words that their rows belong to, where they were found on text. */
export interface FoundMasks {
  readonly masks: Masks;
  readonly vocabulary?: readonly string[] | undefined;
}

/**
 * Masks that were found elsewhere, for a network of its own shapes; parameter by parameter, by name:
 *
 * - Rows that belong to words, on both sides, go by word. A word that the other side does not have gets as many weights as
 *   the parameter's density there says, at random positions among all such words.
 * - A parameter of the same shape is taken as it is.
 * - Any other parameter (an output layer with other classes, a first layer over other inputs) gets random positions, at
 *   the density that it has there.
 *
 * Randomness comes from the streams `(seed, ...path, parameter name)`.
 *
 * @param network the one to mask.
 * @param vocabulary its words.
 * @throws Error when the masks lack a parameter of the network, naming it.
 */
export function transferMasks(
  found: FoundMasks,
  { network, vocabulary }: { readonly network: Network; readonly vocabulary?: readonly string[] | undefined },
  seed: number,
  ...path: (string | number)[]
): Masks {
  return Object.fromEntries(
    network.parameters
      .filter(({ prunable }) => prunable)
      .map(({ name, shape }) => {
        const mask = found.masks[name];
        if (!mask) {
          throw new Error(
            `the masks to transfer have none for ${name} of ${network.spec.name}, they have ` +
              `${Object.keys(found.masks).join(', ')}: transfer between networks with the same names of layers`,
          );
        }
        const random = stream(seed, ...path, name);
        return [name, transferred(mask, found.vocabulary, shape, vocabulary, random)];
      }),
  );
}

function transferred(
  mask: Mask,
  theirWords: readonly string[] | undefined,
  shape: readonly number[],
  ourWords: readonly string[] | undefined,
  random: Stream,
): Mask {
  const [rows, ...row] = shape;
  const [theirRows, ...theirRow] = mask.shape;
  const byWord =
    theirWords?.length === theirRows && ourWords?.length === rows && sizeOf(row) === sizeOf(theirRow);
  if (theirWords && ourWords && byWord) return byWords(mask, theirWords, shape, ourWords, random);
  if (mask.shape.length === shape.length && mask.shape.every((size, axis) => size === shape[axis]))
    return mask;
  return randomMask(shape, Math.round(sizeOf(shape) * densityOf(mask)), random);
}

function byWords(
  mask: Mask,
  theirWords: readonly string[],
  shape: readonly number[],
  ourWords: readonly string[],
  random: Stream,
): Mask {
  const width = sizeOf(shape.slice(1));
  const theirRow = new Map(theirWords.map((word, row) => [word, row]));
  const data = new Uint8Array(sizeOf(shape));
  const unknown = ourWords.flatMap((word, row) => (theirRow.has(word) ? [] : [row]));
  ourWords.forEach((word, row) => {
    const from = theirRow.get(word);
    if (from !== undefined) data.set(mask.data.subarray(from * width, (from + 1) * width), row * width);
  });
  const size = unknown.length * width;
  const drawn = randomMask([unknown.length, width], Math.round(size * densityOf(mask)), random);
  unknown.forEach((row, index) => {
    data.set(drawn.data.subarray(index * width, (index + 1) * width), row * width);
  });
  return tensor('uint8', shape, data);
}

function densityOf(mask: Mask): number {
  return survivors(mask) / mask.data.length;
}
