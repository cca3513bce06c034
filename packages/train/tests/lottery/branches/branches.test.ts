import { type Tensors, tensor } from '@winning-tickets/onnx';
import { type Masks, overlap, survivors } from '@winning-tickets/ticket';
import { describe, expect, test } from 'vitest';
import { trialSeed } from '../../../src/experiment.js';
import { initializeParameters } from '../../../src/initialize.js';
import { type BranchName, type FinishedTicket, branchNames } from '../../../src/lottery/branches/branch.js';
import { branches } from '../../../src/lottery/branches/branches.js';
import type { CriterionName } from '../../../src/pruning/criteria/registry.js';
import { ladder } from '../../../src/pruning/ladder.js';
import { randomMask } from '../../../src/pruning/random.js';
import { stream } from '../../../src/rng.js';
import { experimentOf } from '../../experiments.js';
import { medium, pruningOf, scoringOf } from '../../networks.js';

const byMagnitude = experimentOf({ pruning: { rate: 0.2, layerRates: { fc3: 0.1 }, levels: 4 } });

const scoring = scoringOf(medium, 1);

const rungs = ladder(medium, byMagnitude.pruning);

/** What another run has found: masks of the same ladder, at other places. */
function masksElsewhere(trial: number, level: number): Masks {
  const counts = rungs[level]?.survivors ?? {};
  return Object.fromEntries(
    medium.parameters
      .filter(({ prunable }) => prunable)
      .map(({ name, shape }) => [
        name,
        randomMask(shape, counts[name] ?? 0, stream(trial, 'elsewhere', level, name)),
      ]),
  );
}

/** A trial whose trainings just draw other weights; prepares each stage once, as a run does. */
function trialOf(trial: number, experiment = byMagnitude) {
  const seed = trialSeed(experiment, trial);
  const finished = new Map<string, Promise<FinishedTicket>>();
  const prepare = (branch: BranchName, level: number, asked: string[] = []) =>
    branches[branch].prepare({
      experiment,
      network: medium,
      trial,
      level,
      seed,
      ticketOf: (needed, at) => {
        asked.push(`${needed} ${at}`);
        return ticketOf(needed, at);
      },
      scoring,
      // Another run, of the same network.
      transferredFrom: (at) => Promise.resolve({ masks: masksElsewhere(trial, at) }),
    });
  const ticketOf = (branch: BranchName, level: number): Promise<FinishedTicket> => {
    const key = `${branch} ${level}`;
    const known = finished.get(key) ?? train(branch, level);
    finished.set(key, known);
    return known;
  };
  const train = async (branch: BranchName, level: number) => ({
    ...(await prepare(branch, level)),
    trained: initializeParameters(medium, seed, 'training', branch, level),
  });
  return { seed, prepare, ticketOf };
}

const trial = trialOf(1);
const counts = (masks: Masks) =>
  Object.fromEntries(Object.entries(masks).map(([name, mask]) => [name, survivors(mask)]));
const original = initializeParameters(medium, trial.seed, 'init');

describe.each(branchNames)('branch %s', (name) => {
  test('is registered under its name', () => {
    expect(branches[name].name).toBe(name);
  });

  test('leaves the survivors of the ladder in every layer', async () => {
    const { masks } = await trial.prepare(name, 3);
    expect(counts(masks)).toEqual(rungs[3]?.survivors);
  });

  test('asks only for the tickets that it says it needs', async () => {
    for (const level of [1, 2, 3]) {
      const asked: string[] = [];
      await trial.prepare(name, level, asked);
      const needed = branches[name].needs(level).map((stage) => `${stage.branch} ${stage.level}`);
      expect(asked).toEqual(needed);
    }
  });

  test('gives the same start again, and another in another trial', async () => {
    const start = await trial.prepare(name, 2);
    expect(await trialOf(1).prepare(name, 2)).toEqual(start);
    const other = await trialOf(2).prepare(name, 2);
    expect(other.masks).not.toEqual(start.masks);
    expect(other.initial).not.toEqual(start.initial);
  });

  test('gives initial weights that are not masked', async () => {
    const { masks, initial } = await trial.prepare(name, 3);
    const pruned = valuesWhere(initial, masks, 0);
    expect(pruned.length).toBeGreaterThan(0);
    expect(pruned.every((value) => value !== 0)).toBe(true);
  });
});

describe('the iterative branch', () => {
  test('starts with all weights', async () => {
    expect(branches.iterative.needs(0)).toEqual([]);
    const { masks, initial } = await trial.prepare('iterative', 0);
    expect(counts(masks)).toEqual(rungs[0]?.survivors);
    expect(initial).toEqual(original);
  });

  test('prunes what the level before trained smallest, and resets the rest', async () => {
    const before = await trial.ticketOf('iterative', 2);
    const { masks, initial } = await trial.prepare('iterative', 3);
    expect(initial).toEqual(original);
    // Within a layer, the largest weight that is pruned is below the smallest that is kept.
    const layer = (values: Masks) => ({
      'fc2.weight': values['fc2.weight'] ?? tensor('uint8', [0], new Uint8Array()),
    });
    const kept = valuesWhere(before.trained, layer(masks), 1).map(Math.abs);
    const alive = valuesWhere(before.trained, layer(before.masks), 1).map(Math.abs);
    const sorted = alive.sort((a, b) => b - a).slice(0, kept.length);
    expect(kept.sort((a, b) => b - a)).toEqual(sorted);
    expect(overlap(masks, before.masks)).toBeCloseTo((rungs[3]?.total ?? 0) / (rungs[2]?.total ?? 1), 12);
  });
});

describe('the random-reinit branch', () => {
  test('has the mask of the iterative ticket, and weights drawn anew at every level', async () => {
    const starts = await Promise.all([2, 3].map((level) => trial.prepare('random-reinit', level)));
    expect(starts[0]?.masks).toEqual((await trial.ticketOf('iterative', 2)).masks);
    expect(starts[0]?.initial['fc1.weight']).not.toEqual(original['fc1.weight']);
    expect(starts[0]?.initial['fc1.weight']).not.toEqual(starts[1]?.initial['fc1.weight']);
  });
});

describe('the random-mask branch', () => {
  test('has the original weights, at positions that are independent of the ticket', async () => {
    const { masks, initial } = await trial.prepare('random-mask', 4);
    expect(initial).toEqual(original);
    // Two independent masks of density d overlap by d / (2 - d).
    const density = rungs[4]?.density ?? 0;
    const ticket = await trial.ticketOf('iterative', 4);
    expect(Math.abs(overlap(masks, ticket.masks) - density / (2 - density))).toBeLessThan(0.03);
  });
});

describe('the one-shot branch', () => {
  test('prunes the dense network as the first round does, at level 1', async () => {
    const { masks, initial } = await trial.prepare('one-shot', 1);
    expect(masks).toEqual((await trial.ticketOf('iterative', 1)).masks);
    expect(initial).toEqual(original);
  });

  test('does not depend on how many levels the experiment has', async () => {
    const context = {
      network: medium,
      trial: 1,
      level: 6,
      seed: trial.seed,
      ticketOf: trial.ticketOf,
      experiment: byMagnitude,
      scoring,
    };
    const { masks } = await branches['one-shot'].prepare(context);
    expect(counts(masks)).toEqual(ladder(medium, { ...byMagnitude.pruning, levels: 6 })[6]?.survivors);
  });
});

describe('a criterion at initialisation', () => {
  const prepared = async (criterion: CriterionName, branch: BranchName, level: number) => {
    const experiment = experimentOf({ pruning: { criterion, rate: 0.4, levels: 3 } });
    return (await trialOf(1, experiment).prepare(branch, level)).masks;
  };

  test.each(['snip', 'grasp', 'synflow'] as const)(
    'such as %s leaves the counts of the ladder',
    async (name) => {
      const [, , , last] = ladder(
        medium,
        pruningOf({ scope: 'global', layerRates: {}, rate: 0.4, levels: 3 }),
      );
      for (const branch of ['iterative', 'one-shot'] as const) {
        const masks = await prepared(name, branch, 3);
        expect(Object.values(counts(masks)).reduce((sum, count) => sum + count, 0)).toBe(last?.total);
      }
    },
  );

  test('looks at weights before training alone: SynFlow, without data, prunes at level 1 as in one shot', async () => {
    expect(await prepared('synflow', 'iterative', 1)).toEqual(await prepared('synflow', 'one-shot', 1));
  });
});

/** The values of the masked parameters where their masks have a bit. */
function valuesWhere(values: Tensors, masks: Masks, bit: 0 | 1): number[] {
  return Object.entries(masks).flatMap(([name, mask]) =>
    [...(values[name]?.data ?? [])].map(Number).filter((_, index) => mask.data[index] === bit),
  );
}

describe('the shuffled-mask branch', () => {
  test('has the original weights, and as many units with as many weights as the ticket, but other ones', async () => {
    const { masks, initial } = await trial.prepare('shuffled-mask', 4);
    const ticket = await trial.ticketOf('iterative', 4);
    expect(initial).toEqual(original);
    expect(masks).not.toEqual(ticket.masks);
    for (const axis of [0, 1]) {
      expect(weightsPerUnit(masks, axis)).toEqual(weightsPerUnit(ticket.masks, axis));
    }
  });
});

describe('the transferred branch', () => {
  test('has the masks of the other run and the original weights', async () => {
    const { masks, initial } = await trial.prepare('transferred', 3);
    expect(masks).toEqual(masksElsewhere(1, 3));
    expect(initial).toEqual(original);
  });
});

/** How many weights each unit keeps on one side of each layer, in ascending order. */
function weightsPerUnit(masks: Masks, axis: number): number[][] {
  return Object.values(masks).map(({ shape: [rows = 0, columns = 0], data }) => {
    const counts = new Array<number>(axis === 0 ? rows : columns).fill(0);
    data.forEach((kept, index) => {
      const unit = axis === 0 ? Math.floor(index / columns) : index % columns;
      counts[unit] = (counts[unit] ?? 0) + kept;
    });
    return counts.sort((a, b) => a - b);
  });
}
