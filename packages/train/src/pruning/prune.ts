import { type Tensor, type Tensors, isDType, shapeText, tensor } from '@winning-tickets/onnx';
import { type Mask, type Masks, type Network, survivors } from '@winning-tickets/ticket';
import type { PruningSpec } from '../experiment.js';
import { stream } from '../rng.js';
import { criteria } from './criteria/registry.js';
import { type Items, itemsOf } from './items.js';
import { type PruningGroup, pruningGroups, survivorsOfGroup } from './ladder.js';
import { selectLargest } from './select.js';

/** What pruning looks at. */
export interface PruningRound {
  /** Weights at the end of training, float32, by parameter name. */
  readonly trained: Tensors;
  /** Weights before the first step, float32, by parameter name. */
  readonly initial: Tensors;
  /** The masks they were trained with: one per prunable parameter. */
  readonly masks: Masks;
  readonly network: Network;
  readonly pruning: PruningSpec;
  /** Seed and name of the streams of a criterion that draws. */
  readonly seed: readonly [seed: number, ...path: (string | number)[]];
}

/**
 * One round of pruning (Han et al. 2015; Frankle & Carbin 2019): of each group's surviving weights the given share with the
 * smallest scores of the criterion is masked. Exactly the ladder's counts survive; of equal scores the one that comes
 * first survives (parameters in the network's order, elements row-major). What is pruned stays pruned.
 *
 * @throws Error when a surviving weight is not finite, naming it.
 */
export function prune(round: PruningRound): Masks {
  const { masks } = round;
  return pruneGroups(round, (group) => survivorsOfGroup(group, survivorsOf(group, masks)));
}

/**
 * Pruning straight to given counts.
 *
 * @param counts surviving weights of each pruning group, as in a `LadderLevel`
 * @throws Error when a surviving weight is not finite, naming it.
 * @throws RangeError when a group has fewer surviving weights than its count.
 */
export function pruneTo(round: PruningRound, counts: Readonly<Record<string, number>>): Masks {
  return pruneGroups(round, (group) => counts[group.name] ?? group.size);
}

function pruneGroups(round: PruningRound, keep: (group: PruningGroup) => number): Masks {
  const groups = pruningGroups(round.network, round.pruning);
  return Object.fromEntries(groups.flatMap((group) => pruneGroup(round, group, keep(group))));
}

/** Masks all but the best of a group's surviving items, of which `keep` weights are left. */
function pruneGroup(round: PruningRound, group: PruningGroup, keep: number): [string, Mask][] {
  const { masks, network, pruning } = round;
  const alive = group.parameters.map((name) => {
    const mask = maskOf(masks, name);
    const parameter = network.parameters.find((one) => one.name === name);
    // A group that is exempt keeps every weight, whatever its items.
    const items = group.itemWeights === 1 ? 'weights' : criteria[pruning.criterion].items;
    const found = parameter && itemsOf(parameter, items);
    if (!found) throw new Error(`${name} has no ${items} that could be pruned as one`);
    return { name, mask, items: found, scores: itemScores(round, name, mask, found) };
  });
  // Items that are alive, one after the other over all parameters of the group.
  const scores = Float32Array.from(
    alive.flatMap(({ scores }) => scores.filter((score) => score !== undefined)),
  );
  const selected = selectLargest(scores, keep / group.itemWeights);
  let next = 0;
  return alive.map(({ name, mask, items, scores: own }) => {
    const kept = own.map((score) => (score === undefined ? 0 : (selected[next++] ?? 0)));
    const data = mask.data.map((bit, index) => (bit === 0 ? 0 : (kept[items.of(index)] ?? 0)));
    return [name, tensor('uint8', mask.shape, data)];
  });
}

/** The score of each item of a parameter; undefined of those that no weight is left of. */
function itemScores(
  { trained, initial, pruning, seed: [seed, ...path] }: PruningRound,
  name: string,
  mask: Mask,
  items: Items,
): (number | undefined)[] {
  const weights = weightsOf(trained, name, mask);
  const scores = criteria[pruning.criterion].scores({
    trained: weights.data,
    initial: weightsOf(initial, name, mask).data,
    random: stream(seed, ...path, 'pruning', name),
  });
  const squares = new Array<number | undefined>(items.count).fill(undefined);
  for (let index = 0; index < mask.data.length; index++) {
    if (mask.data[index] === 0) continue;
    const score = scores[index] ?? NaN;
    if (!Number.isFinite(score)) throw new Error(notFinite(name, index));
    const item = items.of(index);
    squares[item] = items.weights === 1 ? score : (squares[item] ?? 0) + score ** 2;
  }
  return squares;
}

function survivorsOf(group: PruningGroup, masks: Masks): number {
  return group.parameters.reduce((sum, name) => sum + survivors(maskOf(masks, name)), 0);
}

function maskOf(masks: Masks, name: string): Mask {
  const mask = masks[name];
  if (!mask) throw new Error(`pruning needs a mask of ${name}, which is prunable; found none`);
  return mask;
}

function weightsOf(trained: Tensors, name: string, mask: Mask): Tensor<'float32'> {
  const weights = trained[name];
  if (!weights || !isDType(weights, 'float32')) {
    throw new Error(
      `pruning needs the trained weights of ${name} as float32, found ${weights?.dtype ?? 'none'}`,
    );
  }
  if (shapeText(weights.shape) !== shapeText(mask.shape)) {
    throw new Error(
      `the mask of ${name} must have the shape of its weights, ${shapeText(weights.shape)}, ` +
        `found ${shapeText(mask.shape)}`,
    );
  }
  return weights;
}

function notFinite(name: string, index: number): string {
  return (
    `cannot prune: element ${index} of ${name} is not a finite number after training; ` +
    'the training diverged, try a lower learning rate'
  );
}
