import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Tensors } from '@winning-tickets/onnx';
import type { Mask, Masks, Network } from '@winning-tickets/ticket';
import { applyMasks, resolveNetwork, survivors, fullMasks } from '@winning-tickets/ticket';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PruningSpec, trialSeed } from '../../src/experiment.js';
import { initializeParameters } from '../../src/initialize.js';
import type { BranchName, FinishedTicket } from '../../src/lottery/branches/branch.js';
import { branchOf } from '../../src/lottery/branches/branches.js';
import { type Items, itemsOf } from '../../src/pruning/items.js';
import { ladder, survivorsAfterRound } from '../../src/pruning/ladder.js';
import { phaseStarts, pruningAt } from '../../src/pruning/phases.js';
import { prune } from '../../src/pruning/prune.js';
import { stream } from '../../src/rng.js';
import { experimentOf } from '../experiments.js';
import { medium, pruningOf, scoringOf } from '../networks.js';

const convolutions: Network = resolveNetwork({
  name: 'convolutions',
  input: [2, 6, 6],
  layers: [
    { kind: 'conv2d', filters: 6, kernel: 3 },
    { kind: 'relu' },
    { kind: 'conv2d', filters: 5, kernel: 3 },
    { kind: 'flatten' },
    { kind: 'dense', units: 3 },
  ],
});

const phase = (criterion: 'units' | 'inputs', from: number, rate: number) =>
  ({ from, criterion, rate, scope: 'layer', layerRates: {}, kindRates: {} }) as const;

function drawn(network: Network, masks: Masks, seed: number): Tensors {
  const random = stream(seed, 'trained');
  const values = network.parameters.map(({ name, shape }) => {
    const data = Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
    return [name, tensor('float32', shape, data)];
  });
  return applyMasks(Object.fromEntries(values) as Tensors, masks);
}

/** One level after the other, each trained to other weights. */
async function levelsOf(network: Network, pruning: PruningSpec, seed: number) {
  const levels = [{ masks: fullMasks(network), trained: {} as Tensors }];
  const initial = initializeParameters(network, seed, 'init');
  for (let level = 1; level <= pruning.levels; level++) {
    const { masks } = levels.at(-1) ?? { masks: {} };
    const trained = drawn(network, masks, seed + level);
    const round = { trained, initial, masks, network, pruning: pruningAt(pruning, level) };
    levels.push({ masks: await prune({ ...round, seed: [seed, level] }), trained });
  }
  return levels;
}

/** Of each item of a mask, the weights that are left. */
function leftIn(mask: Mask, items: Items): number[] {
  const left = new Array<number>(items.count).fill(0);
  mask.data.forEach((bit, index) => (left[items.of(index)] = (left[items.of(index)] ?? 0) + bit));
  return left;
}

test('a level is made by the last phase that begins there or earlier', () => {
  const pruning = pruningOf({ later: [phase('units', 3, 0.5), phase('inputs', 5, 0.25)] });
  expect(phaseStarts(pruning)).toEqual([1, 3, 5]);
  const criteria = [1, 2, 3, 4, 5, 9].map((level) => pruningAt(pruning, level).criterion);
  expect(criteria).toEqual(['magnitude', 'magnitude', 'units', 'units', 'inputs', 'inputs']);
  // Rates are those of the phase, also of layers.
  expect(pruningAt(pruning, 4)).toMatchObject({ rate: 0.5, layerRates: {} });
  expect(phaseStarts(pruningOf())).toEqual([1]);
});

describe('whole items after single weights', () => {
  test('go with what is left of them: as many of the living as the rate says, those of the least norm', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(medium, convolutions),
        fc.constantFrom('units' as const, 'inputs' as const),
        fc.constantFrom('layer' as const, 'global' as const),
        fc.double({ min: 0.3, max: 0.9, noNaN: true }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        fc.nat(1e6),
        async (network, criterion, scope, first, rate, seed) => {
          const later = [phase(criterion, 2, rate)];
          const pruning = pruningOf({ scope, rate: first, layerRates: {}, levels: 3, later });
          const levels = await levelsOf(network, pruning, seed);
          for (const level of [2, 3]) {
            const { masks, trained } = levels[level] ?? { masks: {}, trained: {} };
            const before = levels[level - 1]?.masks ?? {};
            const prunable = network.parameters.filter((parameter) => parameter.prunable);
            for (const [index, parameter] of prunable.entries()) {
              const [mask, old] = [masks[parameter.name], before[parameter.name]];
              const items = itemsOf(parameter, criterion);
              if (!mask || !old || !items) throw new Error(`nothing of ${parameter.name}`);
              const isPruned = criterion === 'units' ? index < prunable.length - 1 : index === 0;
              if (!isPruned) {
                expect(mask).toEqual(old);
                continue;
              }
              const [now, then] = [leftIn(mask, items), leftIn(old, items)];
              const living = then.filter((left) => left > 0).length;
              const stay = now.filter((left) => left > 0).length;
              expect(stay).toBe(Math.max(Math.min(1, living), survivorsAfterRound(living, rate)));
              // All that was left of an item stays, or nothing.
              for (const [item, left] of now.entries()) expect([0, then[item]]).toContain(left);
              const norms = new Array<number>(items.count).fill(0);
              trained[parameter.name]?.data.forEach((value, at) => {
                norms[items.of(at)] = (norms[items.of(at)] ?? 0) + Number(value) ** 2;
              });
              const normsOf = (isKept: boolean) =>
                norms.filter((_, item) => (then[item] ?? 0) > 0 && (now[item] ?? 0) > 0 === isKept);
              expect(Math.min(...normsOf(true))).toBeGreaterThanOrEqual(
                Math.max(0, ...normsOf(false)) - 1e-4,
              );
            }
          }
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  test('are what the ladder says where none has lost all its weights, and as many weights on average', async () => {
    const pruning = pruningOf({ rate: 0.3, layerRates: {}, levels: 4, later: [phase('units', 3, 0.5)] });
    const rungs = ladder(medium, pruning);
    // Before the phase nothing is estimated.
    expect(rungs.slice(0, 3)).toEqual(ladder(medium, pruningOf({ rate: 0.3, layerRates: {}, levels: 2 })));
    const levels = await levelsOf(medium, pruning, 1);
    for (const [level, { masks }] of levels.entries()) {
      const total = Object.values(masks).reduce((sum, mask) => sum + survivors(mask), 0);
      const expected = rungs[level]?.total ?? NaN;
      // The larger units have more weights.
      expect(total).toBeGreaterThanOrEqual(expected);
      expect(total).toBeLessThan(1.2 * expected);
    }
  });

  test('are left of a network from which all but a few weights had gone', async () => {
    const pruning = pruningOf({ rate: 0.99, layerRates: {}, levels: 5, later: [phase('units', 2, 0.9)] });
    const last = (await levelsOf(medium, pruning, 1)).at(-1)?.masks ?? {};
    expect(Math.min(...Object.values(last).map(survivors))).toBeGreaterThan(0);
  });
});

test('one-shot pruning goes on round by round, without a training in between', async () => {
  const experiment = experimentOf({
    pruning: { rate: 0.3, levels: 4, later: [{ from: 3, criterion: 'units', rate: 0.5 }] },
  });
  const seed = trialSeed(experiment, 1);
  const initial = initializeParameters(medium, seed, 'init');
  const trained = initializeParameters(medium, seed, 'training');
  const dense: FinishedTicket = { masks: fullMasks(medium), initial, trained };
  const prepare = (branch: BranchName, level: number, ticket: FinishedTicket) =>
    branchOf(branch).prepare({
      ...{ experiment, network: medium, trial: 1, level, seed, scoring: scoringOf(medium, 1) },
      ticketOf: () => Promise.resolve(ticket),
      denseAt: () => Promise.reject(new Error('nothing is trained here')),
    });
  // Where nothing is trained in between, iterating is the same.
  let ticket = dense;
  for (let level = 1; level <= 4; level++) {
    const { masks } = await prepare('iterative', level, ticket);
    ticket = { ...dense, masks };
    expect((await prepare('one-shot', level, dense)).masks).toEqual(masks);
  }
});

describe('an experiment with later phases', () => {
  const units = { from: 3, criterion: 'units', rate: 0.5 } as const;
  const of = (later: readonly { from: number; criterion: 'units' | 'inputs'; rate: number }[]) =>
    experimentOf({
      network: {
        name: 'n',
        input: [4],
        layers: [
          { kind: 'dense', units: 9 },
          { kind: 'dense', units: 2 },
        ],
      },
      pruning: { rate: 0.2, levels: 4, later: [...later] },
    });

  test('has their defaults filled in', () => {
    expect(of([units]).pruning.later).toEqual([{ ...units, scope: 'layer', layerRates: {}, kindRates: {} }]);
  });

  test('is refused where they are out of order', () => {
    expect(() => of([units, { ...units, criterion: 'inputs' }])).toThrow(
      'the experiment: pruning.later[1].from is 3, but what comes before begins at level 3: put them in ascending order',
    );
    expect(() => of([{ ...units, from: 1 }])).toThrow("'pruning.later[0].from' must be at least 2, found 1");
  });

  test('is refused where they leave nothing', () => {
    expect(() => of([{ ...units, rate: 0.95 }])).toThrow('pruning leaves no weight of fc1.weight at level 3');
  });
});
