import { type Tensor, type Tensors, isDType, shapeText } from '@winning-tickets/onnx';
import { type Mask, type Masks, type Network, survivors } from '@winning-tickets/ticket';
import type { PruningSpec } from '../experiment.js';
import { stream } from '../rng.js';
import type { InitialCriterion, TrainedCriterion } from './criteria/criterion.js';
import { criteria } from './criteria/registry.js';
import type { Scores, Scoring } from './initial-scores.js';
import { openScorer } from './initial-scores.js';
import { type Items, itemsOf } from './items.js';
import { keepBest, maskOf } from './keep-best.js';
import { type PruningGroup, type Survivors, countsAfterRound, pruningGroups } from './ladder.js';

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
  /** What criteria at initialisation need; others do without. */
  readonly scoring?: Scoring | undefined;
}

/**
 * One round of pruning (Han et al. 2015; Frankle & Carbin 2019): of each group's surviving weights the given share with the
 * smallest scores of the criterion is masked. Exactly the ladder's counts survive; of equal scores the one that comes
 * first survives (parameters in the network's order, elements row-major). What is pruned stays pruned.
 *
 * @throws Error when the score of a surviving weight is not finite, naming it.
 */
export async function prune(round: PruningRound): Promise<Masks> {
  const groups = pruningGroups(round.network, round.pruning);
  const before = countsIn(round);
  const after = countsAfterRound(groups, round.pruning, before);
  return await pruneTo(round, round.pruning.later ? withOneLeft(groups, before, after) : after);
}

/**
 * Of what lives in a group, at least one item. The ladder, by which experiments are checked, does not know of units and inputs
 * that have lost all their weights one by one before a later phase.
 */
function withOneLeft(groups: readonly PruningGroup[], before: Survivors, after: Survivors): Survivors {
  return Object.fromEntries(
    groups.map(({ name, itemWeights }) => [
      name,
      Math.max(after[name] ?? 0, Math.min(itemWeights, before[name] ?? 0)),
    ]),
  );
}

/**
 * Pruning straight to given counts.
 *
 * @param counts surviving weights of each pruning group, as in a `LadderLevel`; of what survives as one, with those of its weights
 *   that were pruned before
 * @throws Error when the score of a surviving weight is not finite, naming it.
 * @throws RangeError when a group has fewer surviving weights than its count.
 */
export async function pruneTo(round: PruningRound, counts: Survivors): Promise<Masks> {
  const criterion = criteria[round.pruning.criterion];
  return criterion.at === 'initialization'
    ? await pruneInitial(criterion, round, counts)
    : keepBest(round, trainedScores(criterion, round), counts);
}

/**
 * Prunes by the scores of initial weights, scored anew in each of the criterion's rounds. Each leaves the same share of
 * a group's weights, as in the exponential schedule of Tanaka et al. 2020.
 */
async function pruneInitial(
  criterion: InitialCriterion,
  round: PruningRound,
  counts: Survivors,
): Promise<Masks> {
  const { initial, network, scoring, seed } = round;
  if (!scoring) throw new Error(`the criterion '${criterion.name}' needs training data, found none`);
  const before = countsIn(round);
  const scorer = await openScorer(criterion, network, scoring, seed);
  try {
    let { masks } = round;
    for (let number = 1; number <= criterion.rounds; number++) {
      const scores = await scorer.scores(initial, masks);
      masks = keepBest({ ...round, masks }, scores, countsBetween(before, counts, number / criterion.rounds));
    }
    return masks;
  } finally {
    await scorer.dispose();
  }
}

/** Counts on the way from some to fewer, in geometric progression; `done` is the share of the way, above 0 and up to 1. */
function countsBetween(before: Survivors, after: Survivors, done: number): Survivors {
  return Object.fromEntries(
    Object.entries(after).map(([group, count]) => {
      const first = before[group] ?? count;
      return [group, first === count || done === 1 ? count : Math.round(first * (count / first) ** done)];
    }),
  );
}

function trainedScores(
  criterion: TrainedCriterion,
  { trained, initial, masks, network, seed: [seed, ...path] }: PruningRound,
): Scores {
  const prunable = network.parameters.filter((parameter) => parameter.prunable);
  return Object.fromEntries(
    prunable.map(({ name }) => {
      const mask = maskOf(masks, name);
      const random = stream(seed, ...path, 'pruning', name);
      const weights = { trained: weightsOf(trained, name, mask), initial: weightsOf(initial, name, mask) };
      return [name, criterion.scores({ ...weights, random })];
    }),
  );
}

/** The surviving weights of each group; of items of several weights, all weights of those that live. */
function countsIn({ network, pruning, masks }: PruningRound): Survivors {
  const { items } = criteria[pruning.criterion];
  const countOf = (name: string, itemWeights: number) => {
    const mask = maskOf(masks, name);
    const parameter = network.parameters.find((one) => one.name === name);
    const whole = itemWeights === 1 ? undefined : parameter && itemsOf(parameter, items);
    return whole ? livingItems(mask, whole) * whole.weights : survivors(mask);
  };
  return Object.fromEntries(
    pruningGroups(network, pruning).map(({ name, parameters, itemWeights }) => [
      name,
      parameters.reduce((sum, parameter) => sum + countOf(parameter, itemWeights), 0),
    ]),
  );
}

function livingItems({ data }: Mask, { of }: Items): number {
  const living = new Set<number>();
  data.forEach((bit, index) => {
    if (bit === 1) living.add(of(index));
  });
  return living.size;
}

function weightsOf(tensors: Tensors, name: string, mask: Mask): Float32Array {
  const weights: Tensor | undefined = tensors[name];
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
  return weights.data;
}
