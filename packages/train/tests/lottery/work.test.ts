import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Experiment } from '../../src/experiment.js';
import type { RunEvent } from '../../src/lottery/progress.js';
import { runFolderPath } from '../../src/run-store.js';
import { readRun } from '../../src/store/read-run.js';
import { readStageTicket } from '../../src/store/stage.js';
import { mnist, smaller, stoppedAfterFirstChunk, twoStages, workOn } from '../support/mnist-run.js';
import { inFolder } from '../support/stages.js';

const experiment = twoStages();
/** The seals of a run's tickets. */
async function hashesIn(root: string, own: Experiment): Promise<string[]> {
  const { stages } = await readRun(runFolderPath({ root, experiment: own, dataset: mnist }));
  return stages.map(({ ticketHash }) => ticketHash);
}

const bothStages = {
  'trial 1, iterative, level 0': [10, 20],
  'trial 1, iterative, level 1': [10, 20],
};

test('two workers on one folder train each stage exactly once, and both see the end', () =>
  inFolder(async (root) => {
    const workers = await Promise.all([workOn(root, experiment), workOn(root, experiment)]);
    expect(workers.map(({ outcome }) => outcome)).toEqual(['finished', 'finished']);
    const stages = workers.flatMap(({ steps }) => Object.entries(steps));
    expect(stages).toHaveLength(2);
    expect(Object.fromEntries(stages)).toEqual(bothStages);
    // The second level needs the first: someone has had to wait.
    expect(workers.some(({ events }) => events.some(({ type }) => type === 'waiting'))).toBe(true);
    const run = await readRun(runFolderPath({ root, experiment, dataset: mnist }));
    const told = workers.flatMap(({ events }) =>
      events.flatMap((event) => (event.type === 'stage' ? [event.manifest] : [])),
    );
    expect(told.toSorted((a, b) => a.level - b.level)).toEqual(run.stages);
  }));

test('a worker that is told to stop beforehand trains nothing', () =>
  inFolder(async (root) => {
    expect(await workOn(root, experiment, { signal: AbortSignal.abort() })).toEqual({
      outcome: 'stopped',
      events: [],
      steps: {},
    });
  }));

test('finished stages are not trained again: by a worker of the same run, nor by one of a longer experiment', () =>
  inFolder(async (root) => {
    expect((await workOn(root, experiment)).steps).toEqual(bothStages);
    const folder = runFolderPath({ root, experiment, dataset: mnist });
    const { stages } = await readRun(folder);
    expect(stages).toHaveLength(2);
    expect(await workOn(root, experiment)).toEqual({ outcome: 'finished', events: [], steps: {} });

    const longer = twoStages({ pruning: { ...experiment.pruning, levels: 2 } });
    const { outcome, steps } = await workOn(root, longer);
    expect(outcome).toBe('finished');
    expect(steps).toEqual({ 'trial 1, iterative, level 2': [10, 20] });
    const extended = await readRun(folder);
    expect(extended.expected).toBe(3);
    expect(extended.stages.slice(0, 2)).toEqual(stages);
    expect(extended.stages[2]?.layerDensities).toEqual({
      'fc1.weight': 0.64,
      'fc2.weight': 0.64,
      'fc3.weight': 0.81,
    });
  }));

test('trials train together in one graph, and interrupting them changes no bit', () =>
  inFolder(async (root) => {
    const several = twoStages({ network: smaller, trials: 3, together: 2 });
    const whole = await workOn(join(root, 'whole'), several);
    expect(Object.keys(whole.steps)).toHaveLength(6);

    const first = await stoppedAfterFirstChunk(join(root, 'cut'), several);
    expect(first.outcome).toBe('stopped');
    expect((await workOn(join(root, 'cut'), several)).outcome).toBe('finished');
    expect(await hashesIn(join(root, 'cut'), several)).toEqual(await hashesIn(join(root, 'whole'), several));
  }));

test('a criterion at initialisation sees the training data, and finds the same tickets after an interruption', () =>
  inFolder(async (root) => {
    const pruning = { ...experiment.pruning, criterion: 'snip', scope: 'global', layerRates: {} } as const;
    const snip = twoStages({ pruning, branches: [{ kind: 'one-shot', levels: [1] }] });
    await workOn(join(root, 'whole'), snip);
    await stoppedAfterFirstChunk(join(root, 'cut'), snip);
    await workOn(join(root, 'cut'), snip);
    const [whole, cut] = await Promise.all(
      ['whole', 'cut'].map((name) =>
        readRun(runFolderPath({ root: join(root, name), experiment: snip, dataset: mnist })),
      ),
    );
    expect(whole?.stages.map(({ survivors }) => survivors)).toEqual([266200, 212960, 212960]);
    expect(cut?.stages.map(({ ticketHash }) => ticketHash)).toEqual(
      whole?.stages.map(({ ticketHash }) => ticketHash),
    );
    // Most pixels at the margin are always black: their weights do nothing, and go first.
    const [, , oneShot] = whole?.stages ?? [];
    expect(oneShot?.layerDensities['fc1.weight']).toBeLessThan(0.8);
    expect(oneShot?.layerDensities['fc3.weight']).toBeGreaterThan(0.9);
  }));

test(
  'branches that go on from trained weights, join trials or train otherwise: interrupting them changes no bit',
  () =>
    inFolder(async (root) => {
      const controls = [
        'rewound,step=10',
        'rate-rewound',
        'fine-tuned',
        'union,trials=2',
        'retrained,optimizer=sgd,rate=0.1',
      ];
      const schedule = [{ kind: 'warmup' as const, steps: 15 }];
      const branches = controls.map((kind) => ({ kind, levels: [1] }));
      const several = twoStages({ network: smaller, trials: 2, schedule, branches });
      const whole = await workOn(join(root, 'whole'), several);
      expect(Object.keys(whole.steps)).toHaveLength(2 * (2 + controls.length));
      // It goes on where the dense network was: nothing before is evaluated.
      expect(whole.steps['trial 1, rewound,step=10, level 1']).toEqual([20]);
      for (const control of controls) {
        const stop = new AbortController();
        const watch = (event: RunEvent) => {
          if (event.type === 'progress' && event.progress.branch === control) stop.abort();
        };
        const cut = await workOn(join(root, 'cut'), several, { signal: stop.signal, watch });
        expect(cut.outcome).toBe('stopped');
      }
      expect((await workOn(join(root, 'cut'), several)).outcome).toBe('finished');
      expect(await hashesIn(join(root, 'cut'), several)).toEqual(
        await hashesIn(join(root, 'whole'), several),
      );

      // The same training, ended at that step.
      const early = twoStages({
        ...{ network: smaller, iterations: 10, schedule },
        pruning: { ...several.pruning, levels: 0 },
      });
      await workOn(join(root, 'early'), early);
      const earlyRun = await readRun(
        runFolderPath({ root: join(root, 'early'), experiment: early, dataset: mnist }),
      );
      const dense = await readStageTicket(earlyRun, { trial: 1, branch: 'iterative', level: 0 });
      const folder = runFolderPath({ root: join(root, 'whole'), experiment: several, dataset: mnist });
      const ticketOf = (branch: string) => readStageTicket({ folder }, { trial: 1, branch, level: 1 });
      const rewound = await ticketOf('rewound,step=10');
      expect(rewound.initial).toEqual(dense.trained);

      // From the same weights, at other rates.
      const [rateRewound, fineTuned] = await Promise.all(['rate-rewound', 'fine-tuned'].map(ticketOf));
      expect(fineTuned?.initial).toEqual(rateRewound?.initial);
      expect(fineTuned?.trained).not.toEqual(rateRewound?.trained);
    }),
  120_000,
);
