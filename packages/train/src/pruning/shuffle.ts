import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Mask, Masks } from '@winning-tickets/ticket';
import type { Stream } from '../rng.js';
import { stream } from '../rng.js';

/**
 * A mask with its rows in another order and its columns in another order (the first two axes; kernels stay whole): as
 * many units have as many weights as before, but it is other units, joined to others.
 */
function shuffledMask({ shape, data }: Mask, random: Stream): Mask {
  const [rows = 1, columns = 1, ...kernel] = shape;
  const size = sizeOf(kernel);
  const rowOrder = random.permutation(rows);
  const columnOrder = random.permutation(columns);
  const shuffled = new Uint8Array(data.length);
  rowOrder.forEach((fromRow, row) => {
    columnOrder.forEach((fromColumn, column) => {
      const from = (fromRow * columns + fromColumn) * size;
      shuffled.set(data.subarray(from, from + size), (row * columns + column) * size);
    });
  });
  return tensor('uint8', shape, shuffled);
}

/** Every mask shuffled, each by a stream of its own, `(seed, ...path, parameter name)`. */
export function shuffledMasks(masks: Masks, seed: number, ...path: (string | number)[]): Masks {
  return Object.fromEntries(
    Object.entries(masks).map(([name, mask]) => [name, shuffledMask(mask, stream(seed, ...path, name))]),
  );
}
