import type { Tensors } from '@winning-tickets/onnx';
import type { Masks } from '@winning-tickets/ticket';
import { overlap as jaccard, survivors } from '@winning-tickets/ticket';
import { floatsOf } from './line.js';

/** Euclidean distance of two networks over all their tensors, in the units of the weights. @throws RangeError as `pointBetween` */
export function distance(a: Tensors, b: Tensors): number {
  let squares = 0;
  for (const name of Object.keys(a)) {
    const [left, right] = [floatsOf(a, name).data, floatsOf(b, name).data];
    left.forEach((value, index) => {
      squares += (value - (right[index] ?? NaN)) ** 2;
    });
  }
  return Math.sqrt(squares);
}

/** How far two masks agree. */
export interface Overlap {
  /** Weights that both keep, of those that at least one keeps (Jaccard), 0 to 1; 1 where neither keeps any. */
  readonly shared: number;
  /** The same of two random masks of equal counts per parameter, in expectation of numerator and denominator. */
  readonly byChance: number;
}

/**
 * The overlap of two masks of one network, over all masked parameters.
 *
 * By chance, masks that keep p and q of n weights share pq/n of them.
 *
 * @throws RangeError when a parameter is masked in one alone, or has another size there
 */
export function overlap(a: Masks, b: Masks): Overlap {
  let [both, either] = [0, 0];
  for (const [name, mask] of Object.entries(a)) {
    const other = b[name];
    if (other?.data.length !== mask.data.length) {
      throw new RangeError(`masks of ${name} differ in size: they are of different networks`);
    }
    const [inA, inB] = [survivors(mask), survivors(other)];
    const expected = mask.data.length === 0 ? 0 : (inA * inB) / mask.data.length;
    both += expected;
    either += inA + inB - expected;
  }
  return { shared: jaccard(a, b), byChance: either === 0 ? 1 : both / either };
}
