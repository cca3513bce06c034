import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { Prepared } from '../../src/lottery/run-experiment.js';
import { defaultWorkers, runExperiment } from '../../src/lottery/run-experiment.js';
import type { RunEvent } from '../../src/lottery/progress.js';
import { readRun } from '../../src/store/read-run.js';
import { twoStages, workOn } from '../support/mnist-run.js';
import { inFolder } from '../support/stages.js';

const experiment = twoStages();

describe('running an experiment', () => {
  test('that is finished gives the run at once and trains nothing', () =>
    inFolder(async (root) => {
      await workOn(root, experiment);
      const prepared: Prepared[] = [];
      const events: RunEvent[] = [];
      const run = await runExperiment({
        experiment,
        root,
        onPrepared: (given) => prepared.push(given),
        onEvent: (event) => events.push(event),
      });
      expect(prepared.map(({ run: { folder }, workers }) => ({ folder, workers }))).toEqual([
        { folder: run.folder, workers: 1 },
      ]);
      expect(events).toEqual([]);
      expect(run.stages).toHaveLength(run.expected);
      expect(run).toEqual(await readRun(run.folder));
    }));

  test.each([
    [
      'more validation samples than there are',
      { dataset: { id: 'mnist', validation: 60_000, splitSeed: 0 } },
    ],
    [
      'a rate for a layer that is not there',
      { pruning: { ...experiment.pruning, layerRates: { fc9: 0.1 } } },
    ],
  ])('with %s is refused before anything is written, naming the file', (_, changes) =>
    inFolder(async (root) => {
      const asked = runExperiment({ experiment: twoStages(changes), root, source: 'mine.json' });
      await expect(asked).rejects.toThrow(/^mine\.json: .+/);
      expect(await readdir(root)).toEqual([]);
    }),
  );
});

describe('workers, unless told how many', () => {
  const cores = availableParallelism();

  test('are never more than there are trials, nor fewer than one', () => {
    expect(defaultWorkers({ trials: 1, threads: 1 })).toBe(1);
    expect(defaultWorkers({ trials: 100, threads: 10 * cores })).toBe(1);
  });

  test('use each core for one thread', () => {
    expect(defaultWorkers({ trials: 1000, threads: 1 })).toBe(cores);
    expect(defaultWorkers({ trials: 1000, threads: cores })).toBe(1);
  });
});
