import { type Tensors, tensor } from '@winning-tickets/onnx';
import { type Masks, overlap, survivors } from '@winning-tickets/ticket';
import { describe, expect, test } from 'vitest';
import { experimentBatches } from '../../../src/batches.js';
import { trialSeed } from '../../../src/experiment.js';
import { initializeParameters } from '../../../src/initialize.js';
import {
  type BranchId,
  type BranchName,
  type FinishedTicket,
  type StageStart,
  branchIdSchema,
  branchNames,
} from '../../../src/lottery/branches/branch.js';
import { branchOf, branches, settledBranch } from '../../../src/lottery/branches/branches.js';
import type { CriterionName } from '../../../src/pruning/criteria/registry.js';
import { ladder, pruningGroups } from '../../../src/pruning/ladder.js';
import { randomMask } from '../../../src/pruning/random.js';
import { stream } from '../../../src/rng.js';
import { freshState } from '../../../src/train-state.js';
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
  const prepare = (branch: BranchId, level: number, asked: string[] = []): Promise<StageStart> =>
    branchOf(branch).prepare({
      experiment,
      network: medium,
      trial,
      level,
      seed,
      ticketOf: (needed, at, of = trial) => {
        asked.push(`${of} ${needed} ${at}`);
        return of === trial ? ticketOf(needed, at) : trialOf(of, experiment).ticketOf(needed, at);
      },
      denseAt: (step) =>
        Promise.resolve({
          ...freshState(medium, experiment.optimizer, initializeParameters(medium, seed, 'dense', step)),
          step,
        }),
      scoring,
      // Another run, of the same network.
      transferredFrom: (at) => Promise.resolve({ masks: masksElsewhere(trial, at) }),
    });
  const ticketOf = (branch: BranchId, level: number): Promise<FinishedTicket> => {
    const key = `${branch} ${level}`;
    const known = finished.get(key) ?? train(branch, level);
    finished.set(key, known);
    return known;
  };
  const train = async (branch: BranchId, level: number) => ({
    ...(await prepare(branch, level)),
    trained: initializeParameters(medium, seed, 'training', branch, level),
  });
  return { seed, prepare, ticketOf };
}

const trial = trialOf(1);
const counts = (masks: Masks) =>
  Object.fromEntries(Object.entries(masks).map(([name, mask]) => [name, survivors(mask)]));
const original = initializeParameters(medium, trial.seed, 'init');

/** Every kind, with what it asks for. */
const ids: Readonly<Record<BranchName, BranchId>> = {
  ...(Object.fromEntries(branchNames.map((name) => [name, name])) as Record<BranchName, BranchId>),
  rewound: 'rewound,step=3',
  union: 'union,trials=2',
  intersection: 'intersection,trials=2',
  retrained: 'retrained,optimizer=sgd,rate=0.1',
};

const joined: readonly BranchName[] = ['union', 'intersection'];

test.each(branchNames.filter((kind) => !joined.includes(kind)))(
  'branch %s leaves the survivors of the ladder in every layer',
  async (kind) => {
    const { masks } = await trial.prepare(ids[kind], 3);
    expect(counts(masks)).toEqual(rungs[3]?.survivors);
  },
);

describe.each(branchNames)('branch %s', (kind) => {
  const name = ids[kind];

  test('is registered under its name, and says what it is and whose', () => {
    const { summary, source } = branches[kind];
    expect(branches[kind].name).toBe(kind);
    expect(summary).toMatch(/[.?]$/);
    expect(source.length).toBeGreaterThan(5);
  });

  test('has an id that names it again, and that folders may have', () => {
    expect(branchOf(name).id).toBe(name);
    expect(branchIdSchema.parse(name)).toBe(name);
  });

  test('asks only for the tickets that it says it needs', async () => {
    for (const level of [1, 2, 3]) {
      const asked: string[] = [];
      await trial.prepare(name, level, asked);
      const needed = branchOf(name)
        .needs(level)
        .map((stage) => `${stage.trial ?? 1} ${stage.branch} ${stage.level}`);
      expect(asked).toEqual(needed);
    }
  });

  test('gives the same start again, and another in another trial', async () => {
    const start = await trial.prepare(name, 2);
    expect(await trialOf(1).prepare(name, 2)).toEqual(start);
    const other = await trialOf(2).prepare(name, 2);
    // What all trials have in common is the same in each.
    if (!joined.includes(kind)) expect(other.masks).not.toEqual(start.masks);
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
    expect(branchOf('iterative').needs(0)).toEqual([]);
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
      denseAt: () => Promise.reject(new Error('nothing is trained here')),
    };
    const { masks } = await branchOf('one-shot').prepare(context);
    expect(counts(masks)).toEqual(ladder(medium, { ...byMagnitude.pruning, levels: 6 })[6]?.survivors);
  });
});

describe('the one-shot branch at a density of its own', () => {
  test('leaves that share of all weights, to the nearest item of each layer', async () => {
    for (const density of [0.9, 0.5, 0.123, 0.02]) {
      const { masks } = await trial.prepare(`one-shot,density=${density}`, 1);
      const kept = Object.values(counts(masks)).reduce((sum, count) => sum + count, 0);
      const total = rungs[0]?.total ?? 1;
      expect(Math.abs(kept - density * total)).toBeLessThanOrEqual(
        pruningGroups(medium, byMagnitude.pruning).length,
      );
    }
    await expect(trial.prepare('one-shot,density=0.0001', 1)).rejects.toThrow('cannot be had');
  });
});

describe('branches that keep only what initial weights say in signs', () => {
  const signs = (tensors: Tensors) =>
    Array.from(tensors['fc1.weight']?.data as Float32Array, (value) => (value < 0 ? -1 : 1));

  test('keep all signs: magnitudes are drawn anew, or one in each layer', async () => {
    const ticket = await trial.ticketOf('iterative', 2);
    const drawn = await trial.prepare('sign-reinit', 2);
    const constant = await trial.prepare('constant-magnitude', 2);
    for (const { masks, initial } of [drawn, constant]) {
      expect(masks).toEqual(ticket.masks);
      expect(signs(initial)).toEqual(signs(ticket.initial));
      expect(initial['fc1.weight']).not.toEqual(ticket.initial['fc1.weight']);
    }
    const [parameter] = medium.parameters;
    const deviation = Math.sqrt(2 / ((parameter?.fanIn ?? 0) + (parameter?.fanOut ?? 0)));
    const magnitudes = new Set(
      Array.from(constant.initial['fc1.weight']?.data as Float32Array, (value) => Math.abs(value)),
    );
    expect([...magnitudes]).toEqual([Math.fround(deviation)]);
  });
});

describe('branches that join the masks of trials', () => {
  test('keep what any, or what all have; with one trial in both, the union contains the intersection', async () => {
    const [own, other] = await Promise.all([1, 2].map((number) => trialOf(number).ticketOf('iterative', 2)));
    const union = (await trial.prepare('union,trials=2', 2)).masks['fc1.weight'];
    const intersection = (await trial.prepare('intersection,trials=2', 2)).masks['fc1.weight'];
    own?.masks['fc1.weight']?.data.forEach((bit, index) => {
      const second = other?.masks['fc1.weight']?.data[index] ?? 0;
      expect(union?.data[index]).toBe(bit | second);
      expect(intersection?.data[index]).toBe(bit & second);
    });
  });
});

describe('branches that go on from trained weights', () => {
  test('the rewound one from the dense network of its step, the rate-rewound and the fine-tuned one from what they were pruned from', async () => {
    const { from, initial } = await trial.prepare('rewound,step=7', 2);
    expect(from?.step).toBe(7);
    expect(initial).toBe(from?.parameters);
    const before = await trial.ticketOf('iterative', 1);
    for (const kind of ['rate-rewound', 'fine-tuned']) {
      const { masks, initial } = await trial.prepare(kind, 2);
      expect(masks).toEqual((await trial.ticketOf('iterative', 2)).masks);
      expect(initial).toBe(before.trained);
    }
  });

  test('the rate-rewound one trains through the schedule again, the fine-tuned one at its last rate', async () => {
    const scheduled = experimentOf({
      iterations: 30,
      evaluateEvery: 10,
      optimizer: { kind: 'sgd', rate: 0.5 },
      schedule: [
        { kind: 'warmup', steps: 5 },
        { kind: 'step', at: [10, 20], factor: 0.5 },
      ],
    });
    const ratesOf = async (kind: BranchId) => {
      const { rate } = await trialOf(1, scheduled).prepare(kind, 2);
      return experimentBatches(scheduled, 1000, trial.seed, { rate })(0, 30).rates;
    };
    const replayed = await ratesOf('rate-rewound');
    expect(replayed).toEqual(experimentBatches(scheduled, 1000, trial.seed)(0, 30).rates);
    expect([...(await ratesOf('fine-tuned'))]).toEqual(new Array(30).fill(replayed[29]));
    expect(replayed[29]).toBe(0.125);
  });

  test('the rate-rewound and the fine-tuned one are the same training where the rate is constant', async () => {
    const fineTuned = await trial.prepare('fine-tuned', 2);
    expect(fineTuned).toEqual({
      ...(await trial.prepare('rate-rewound', 2)),
      rate: byMagnitude.optimizer.rate,
    });
    const at = (rate?: number) => experimentBatches(byMagnitude, 1000, trial.seed, { rate })(0, 30);
    expect(at(fineTuned.rate)).toEqual(at());
  });

  test('the retrained one says what trains it instead', async () => {
    expect((await trial.prepare('retrained,optimizer=momentum,rate=0.1', 2)).training).toEqual({
      engine: 'onnx',
      device: 'cpu',
      optimizer: { kind: 'momentum', rate: 0.1, momentum: 0.9 },
      compact: true,
    });
    const whole = await trial.prepare('retrained,compact=false', 2);
    expect(whole.training).toMatchObject({ optimizer: byMagnitude.optimizer, compact: false });
    const common = { weightDecay: 0.01, rateFactors: { fc1: 0.5 } };
    const decaying = experimentOf({ optimizer: { kind: 'sgd', rate: 0.5, ...common } });
    const { training } = await trialOf(1, decaying).prepare('retrained,optimizer=adam', 2);
    expect(training?.optimizer).toMatchObject({ kind: 'adam', rate: 0.5, ...common });
    expect((await trial.prepare('retrained,engine=tfjs', 2)).training).toMatchObject({
      engine: 'tfjs',
      optimizer: byMagnitude.optimizer,
    });
  });
});

describe('options of branches', () => {
  const experiment = (control: object) =>
    experimentOf({ branches: [{ kind: 'rewound', levels: [1], ...control }] });

  test('may stand beside the kind or in it, and come to one id', () => {
    const beside = experiment({ step: 100 });
    expect(beside.branches).toEqual([{ kind: 'rewound,step=100', levels: [1] }]);
    expect(experiment({ kind: 'rewound,step=100' }).branches).toEqual(beside.branches);
    expect(settledBranch('rewound', { step: '100' }, 'here').id).toBe('rewound,step=100');
  });

  test('of one kind may differ: each is a branch of its own', () => {
    const two = experimentOf({
      branches: [
        { kind: 'rewound', step: 10, levels: [1] },
        { kind: 'rewound', step: 20, levels: [1] },
      ],
    });
    expect(two.branches.map(({ kind }) => kind)).toEqual(['rewound,step=10', 'rewound,step=20']);
    expect(() =>
      experimentOf({
        branches: [
          { kind: 'rewound', step: 10, levels: [1] },
          { kind: 'rewound', step: 10, levels: [2] },
        ],
      }),
    ).toThrow('twice');
  });

  test.each([
    [{}, 'step'],
    [{ step: 0 }, 'step'],
    [{ step: 3000 }, 'give an earlier one'],
    [{ step: 1, steps: 2 }, 'steps'],
    [{ kind: 'rewind', step: 1 }, 'found "rewind"; did you mean \'rewound\'?'],
    [{ kind: 'iterative' }, 'found "iterative"'],
    [{ kind: 'random-mask', step: 1 }, 'has no options'],
    [{ kind: 'rewound,step=1', step: 1 }, 'leave it out'],
    [{ kind: 'union', trials: 9 }, 'add trials'],
    [{ kind: 'one-shot', density: 0.1, levels: [1, 2] }, 'give one level'],
    [{ kind: 'retrained' }, 'says nothing that differs'],
    [{ kind: 'retrained', compact: 'no' }, 'compact'],
    [{ kind: 'retrained', engine: 'tfjs', device: 'cuda' }, "a device 'cuda'"],
  ])('are refused in one sentence: %j', (control, sentence) => {
    expect(() => experiment(control)).toThrow(sentence);
  });
});

describe('a criterion at initialisation', () => {
  const prepared = async (criterion: CriterionName, branch: BranchId, level: number) => {
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
