import type { RandomStream } from './random.js';
import { shuffled } from './random.js';

/** One block of a schedule: which item is measured in which repeat. */
export interface Block<T> {
  /** From 0. */
  readonly repeat: number;
  readonly item: T;
}

/**
 * The order in which blocks are measured: each repeat measures every item once, in an order drawn for that repeat.
 *
 * Whatever slows the machine down for a while then hits all items alike, and no item always follows the same other,
 * whose leftovers in caches and clock speed it would inherit.
 */
export function interleave<T>(items: readonly T[], repeats: number, random: RandomStream): Block<T>[] {
  return Array.from({ length: repeats }, (_, repeat) =>
    shuffled(items, random).map((item) => ({ repeat, item })),
  ).flat();
}
