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
  const alive = group.parameters.map((name) => {
    const mask = maskOf(masks, name);
    const parameter = network.parameters.find((one) => one.name === name);
    // A group that is exempt keeps every weight, whatever its items.
    const items = group.itemWeights === 1 ? 'weights' : whole;
    const found = parameter && itemsOf(parameter, items);
    if (!found) throw new Error(`${name} has no ${items} that could be pruned as one`);
    const own = itemScores(scores[name] ?? new Float32Array(), mask, found, (index) =>
      notFinite(name, index, at),
    );
    return { name, mask, items: found, scores: own };
  });
  // Items that are alive, one after the other over all parameters of the group.
  const candidates = Float32Array.from(
    alive.flatMap(({ scores }) => scores.filter((score) => score !== undefined)),
  );
  const selected = selectLargest(candidates, keep / group.itemWeights);
  let next = 0;
  return alive.map(({ name, mask, items, scores: own }) => {
    const kept = own.map((score) => (score === undefined ? 0 : (selected[next++] ?? 0)));
    const data = mask.data.map((bit, index) => (bit === 0 ? 0 : (kept[items.of(index)] ?? 0)));
    return [name, tensor('uint8', mask.shape, data)];
  });
}

/** The score of each item of a parameter; undefined of those that no weight is left of. */
function itemScores(
  scores: Float32Array,
  mask: Mask,
  items: Items,
  problem: (index: number) => string,
): (number | undefined)[] {
  const squares = new Array<number | undefined>(items.count).fill(undefined);
  for (let index = 0; index < mask.data.length; index++) {
    if (mask.data[index] === 0) continue;
    const score = scores[index] ?? NaN;
    if (!Number.isFinite(score)) throw new Error(problem(index));
    const item = items.of(index);
    squares[item] = items.weights === 1 ? score : (squares[item] ?? 0) + score ** 2;
  }
  return squares;
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
