import { sizeOf } from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import type { PruningSpec } from '../experiment.js';
import { criteria } from './criteria/registry.js';
import { erdosRenyiCounts } from './erdos-renyi.js';
import { itemsOf, prunesParameter } from './items.js';
import { phaseStarts, pruningAt } from './phases.js';

/** Parameters whose weights compete with each other to survive. */
export interface PruningGroup {
  /** The parameter's name, or `global` for the weights that compete across layers. */
  readonly name: string;
  /** Names of the parameters, in the network's order. */
  readonly parameters: readonly string[];
  /** Share of the surviving weights that a round prunes. */
  readonly rate: number;
  /** Weights before any pruning. */
  readonly size: number;
  /** Weights that survive or go as one. */
  readonly itemWeights: number;
  /**
   * In the scope `erdos-renyi-kernel`, the group's share of the weights that survive in all groups that have one: its
   * count follows from theirs together.
   */
  readonly share?: number;
}

/** Surviving weights of each pruning group, by its name. */
export type Survivors = Readonly<Record<string, number>>;

/** How many weights survive at a level of pruning. */
export interface LadderLevel {
  readonly level: number;
  readonly survivors: Survivors;
  /** Surviving weights in total. */
  readonly total: number;
  /** Share of the prunable weights that survive, 0 to 1. Biases, never pruned, don't count. */
  readonly density: number;
}

/**
 * Which weights compete with which.
 *
 * Scope `layer`: every prunable parameter is a group of its own, with its layer's rate, or its kind's, or else the
 * general one. Scope `global`: all prunable parameters compete in one group at the general rate, except that a layer with
 * a rate in `layerRates`, or of a kind with one in `kindRates`, is pruned on its own (so a rate of 0 exempts it). Scope
 * `erdos-renyi-kernel`: as many weights survive as in the scope `global`, but how many in each layer is given by its shape
 * (see `erdosRenyiCounts`), and they compete within it. Where whole units or inputs survive or go, layers are always pruned on
 * their own, and those that have none are exempt (see `prunesParameter`).
 */
export function pruningGroups(network: Network, pruning: PruningSpec): readonly PruningGroup[] {
  const layerRates = new Map(Object.entries(pruning.layerRates));
  const kindRates = new Map(Object.entries(pruning.kindRates));
  const { items } = criteria[pruning.criterion];
  const scope = items === 'weights' ? pruning.scope : 'layer';
  const groups = new Map<string, PruningGroup>();
  for (const parameter of network.parameters) {
    if (!parameter.prunable) continue;
    const ownRate = layerRates.get(parameter.layer) ?? kindRates.get(parameter.kind);
    const name = scope === 'global' && ownRate === undefined ? 'global' : parameter.name;
    const exempt = !prunesParameter(network, parameter, items);
    const group = groups.get(name);
    groups.set(name, {
      name,
      parameters: [...(group?.parameters ?? []), parameter.name],
      rate: exempt ? 0 : (ownRate ?? pruning.rate),
      size: (group?.size ?? 0) + sizeOf(parameter.shape),
      itemWeights: exempt ? 1 : (itemsOf(parameter, items)?.weights ?? 1),
      ...(scope === 'erdos-renyi-kernel' && ownRate === undefined
        ? { share: parameter.shape.reduce((sum, size) => sum + size, 0) }
        : {}),
    });
  }
  return [...groups.values()];
}

/** How many weights of each group survive a round, of those that survive so far; whole items of them. */
export function countsAfterRound(
  groups: readonly PruningGroup[],
  { rate }: Pick<PruningSpec, 'rate'>,
  counts: Survivors,
): Survivors {
  const shared = groups.filter(({ share }) => share !== undefined);
  const together = shared.reduce((sum, { name }) => sum + (counts[name] ?? 0), 0);
  return {
    ...Object.fromEntries(
      groups.map((group) => [group.name, survivorsOfGroup(group, counts[group.name] ?? 0)]),
    ),
    ...erdosRenyiCounts(shared, survivorsAfterRound(together, rate)),
  };
}

function survivorsOfGroup({ rate, itemWeights }: PruningGroup, remaining: number): number {
  return survivorsAfterRound(remaining / itemWeights, rate) * itemWeights;
}

/**
 * How many of `remaining` weights or other items survive a round. The number pruned is rounded, half up, as in the code of Frankle &
 * Carbin 2019; rounding down instead leaves their densities at the third round.
 */
export function survivorsAfterRound(remaining: number, rate: number): number {
  return remaining - Math.round(remaining * rate);
}

/**
 * The surviving weights at every level from 0 (all) to `pruning.levels`. For LeNet-300-100 at 20 % a round, 10 % in
 * the output layer, the densities are those of the paper: 100, 80.04, 64.06, 51.28, … %.
 *
 * Where whole units or inputs go after single weights (`pruning.later`), how many weights go with them is not known before:
 * these levels are what would survive if every unit and input had as many weights left as any other, and none had lost all.
 */
export function ladder(network: Network, pruning: PruningSpec): readonly LadderLevel[] {
  return [...climb(network, pruning)];
}

/** The levels of `ladder` one by one, for a caller that may stop early. */
export function* climb(network: Network, pruning: PruningSpec): Generator<LadderLevel, void, undefined> {
  let rung = firstRung(network, pruning);
  const size = rung.groups.reduce((sum, group) => sum + group.size, 0);
  for (let level = 0; level <= pruning.levels; level++) {
    const survivors = weightsLeft(rung);
    const total = Object.values(survivors).reduce((sum, count) => sum + count, 0);
    yield { level, survivors, total, density: total / size };
    const next = level + 1;
    const phase = pruningAt(pruning, next);
    if (next > 1 && phaseStarts(pruning).includes(next)) rung = regrouped(network, phase, rung);
    rung = { ...rung, counts: countsAfterRound(rung.groups, phase, rung.counts) };
  }
}

/** Where the ladder stands. */
interface Rung {
  readonly groups: readonly PruningGroup[];
  /** Weights of the items that survive in each group, those among them that were pruned earlier one by one. */
  readonly counts: Survivors;
  /** The share of these that are left. */
  readonly filled: Readonly<Record<string, number>>;
}

function firstRung(network: Network, pruning: PruningSpec): Rung {
  const groups = pruningGroups(network, pruning);
  return {
    groups,
    counts: Object.fromEntries(groups.map(({ name, size }) => [name, size])),
    filled: Object.fromEntries(groups.map(({ name }) => [name, 1])),
  };
}

function weightsLeft({ groups, counts, filled }: Rung): Survivors {
  return Object.fromEntries(
    groups.map(({ name }) => [name, Math.round((counts[name] ?? 0) * (filled[name] ?? 1))]),
  );
}

/** The same weights in the groups of another way of pruning, spread evenly over the parameters of each. */
function regrouped(network: Network, pruning: PruningSpec, before: Rung): Rung {
  const left = weightsLeft(before);
  const densities = new Map(
    before.groups.flatMap(({ name, parameters, size }) =>
      parameters.map((parameter) => [parameter, (left[name] ?? 0) / size] as const),
    ),
  );
  const sizes = new Map(network.parameters.map(({ name, shape }) => [name, sizeOf(shape)]));
  const groups = pruningGroups(network, pruning);
  const shares = groups.map(({ name, parameters, size, itemWeights }) => {
    const weights = parameters.reduce(
      (sum, parameter) => sum + (densities.get(parameter) ?? 1) * (sizes.get(parameter) ?? 0),
      0,
    );
    // Single weights are counted as they are; of what goes as one, all are still there.
    return itemWeights === 1
      ? { name, count: Math.round(weights), filled: 1 }
      : { name, count: size, filled: weights / size };
  });
  return {
    groups,
    counts: Object.fromEntries(shares.map(({ name, count }) => [name, count])),
    filled: Object.fromEntries(shares.map(({ name, filled }) => [name, filled])),
  };
}

/**
 * Surviving weights of each group such that about a share of all prunable weights survives, any share: as after a number of
 * rounds that need not be whole. Groups with other rates keep other shares, and exempt ones all, as on the ladder.
 *
 * @param density share of the prunable weights, 0 to 1
 * @throws RangeError when exempt groups alone have more than that, or a group would be left with nothing
 */
export function survivorsAtDensity(network: Network, pruning: PruningSpec, density: number): Survivors {
  const groups = pruningGroups(network, pruning);
  const size = groups.reduce((sum, group) => sum + group.size, 0);
  const after = (rounds: number): Survivors => {
    const own = ({ rate, itemWeights, size: all }: PruningGroup) =>
      Math.round((all / itemWeights) * (1 - rate) ** rounds) * itemWeights;
    const shared = groups.filter(({ share }) => share !== undefined);
    const together = shared.reduce((sum, group) => sum + group.size, 0);
    return {
      ...Object.fromEntries(groups.map((group) => [group.name, own(group)])),
      ...erdosRenyiCounts(shared, Math.round(together * (1 - pruning.rate) ** rounds)),
    };
  };
  const total = (counts: Survivors) => Object.values(counts).reduce((sum, count) => sum + count, 0);
  let [few, many] = [0, 1];
  while (total(after(many)) > density * size && many < 1e6) many *= 2;
  // Density falls with the rounds: halving brackets them until whole items decide.
  for (let halving = 0; halving < 60; halving++) {
    const middle = (few + many) / 2;
    if (total(after(middle)) > density * size) few = middle;
    else many = middle;
  }
  const counts = after(many);
  const empty = groups.find(({ name }) => (counts[name] ?? 0) === 0);
  if (many >= 1e6 || empty) {
    throw new RangeError(
      `a density of ${density} cannot be had: ${empty ? `no weight of ${empty.name} would be left` : 'layers that are not pruned have more'}`,
    );
  }
  return counts;
}
