import { tensor } from '@winning-tickets/onnx';
import type { Mask, Masks, Network } from '@winning-tickets/ticket';
import type { PruningSpec } from '../experiment.js';
import { criteria } from './criteria/registry.js';
import type { Scores } from './initial-scores.js';
import { type Items, itemsOf } from './items.js';
import type { PruningGroup, Survivors } from './ladder.js';
import { pruningGroups } from './ladder.js';
import { selectLargest } from './select.js';

/** What is pruned, and how. */
export interface Pruned {
  readonly masks: Masks;
  readonly network: Network;
  readonly pruning: PruningSpec;
}

/**
 * Masks all but the surviving weights, or whole items of them, with the largest scores: exactly as many of each group as
 * `counts` says.
 *
 * @throws Error when the score of a surviving weight is not finite, naming it.
 * @throws RangeError when a group has fewer surviving weights than its count.
 */
export function keepBest(pruned: Pruned, scores: Scores, counts: Survivors): Masks {
  const groups = pruningGroups(pruned.network, pruned.pruning);
  return Object.fromEntries(
    groups.flatMap((group) => keepBestOfGroup(pruned, scores, group, counts[group.name] ?? group.size)),
  );
}

function keepBestOfGroup(
  { masks, network, pruning }: Pruned,
  scores: Scores,
  group: PruningGroup,
  keep: number,
): [string, Mask][] {
  const { at, items: whole } = criteria[pruning.criterion];
  const parts = group.parameters.map((name) => {
    const mask = maskOf(masks, name);
    const parameter = network.parameters.find((one) => one.name === name);
    // A group that is exempt keeps every weight, whatever its items.
    const items = group.itemWeights === 1 ? 'weights' : whole;
    const found = parameter && itemsOf(parameter, items);
    if (!found) throw new Error(`${name} has no ${items} that could be pruned as one`);
    const own = scores[name] ?? new Float32Array();
    return {
      name,
      mask,
      items: found,
      ...aliveItems(own, mask, found, (index) => notFinite(name, index, at)),
    };
  });
  const selected = selectLargest(joined(parts.map(({ scores }) => scores)), keep / group.itemWeights);
  let from = 0;
  return parts.map(({ name, mask: { shape, data }, items, alive }) => {
    const kept = new Uint8Array(items.count);
    alive.forEach((item, index) => {
      kept[item] = selected[from + index] ?? 0;
    });
    from += alive.length;
    return [
      name,
      tensor(
        'uint8',
        shape,
        data.map((bit, index) => (bit === 0 ? 0 : (kept[items.of(index)] ?? 0))),
      ),
    ];
  });
}

/** The items that weights are left of, ascending, and the score of each. */
function aliveItems(
  scores: Float32Array,
  mask: Mask,
  items: Items,
  problem: (index: number) => string,
): { readonly alive: Uint32Array; readonly scores: Float32Array } {
  const sums = new Float64Array(items.count);
  const isAlive = new Uint8Array(items.count);
  for (let index = 0; index < mask.data.length; index++) {
    if (mask.data[index] === 0) continue;
    const score = scores[index] ?? NaN;
    if (!Number.isFinite(score)) throw new Error(problem(index));
    const item = items.of(index);
    isAlive[item] = 1;
    sums[item] = items.weights === 1 ? score : (sums[item] ?? 0) + score ** 2;
  }
  const alive = new Uint32Array(items.count);
  let count = 0;
  for (let item = 0; item < items.count; item++) if (isAlive[item] === 1) alive[count++] = item;
  const found = alive.subarray(0, count);
  return { alive: found, scores: Float32Array.from(found, (item) => sums[item] ?? NaN) };
}

/** The scores of all parameters of a group, one after the other. */
function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}

/** @throws Error when there is none, naming the parameter. */
export function maskOf(masks: Masks, name: string): Mask {
  const mask = masks[name];
  if (!mask) throw new Error(`pruning needs a mask of ${name}, which is prunable; found none`);
  return mask;
}

function notFinite(name: string, index: number, at: 'end' | 'initialization'): string {
  return at === 'end'
    ? `cannot prune: element ${index} of ${name} is not a finite number after training; ` +
        'the training diverged, try a lower learning rate'
    : `cannot prune: the score of element ${index} of ${name} is not a finite number at initialisation; ` +
        'the network is too deep for this criterion in single precision, choose another one';
}
