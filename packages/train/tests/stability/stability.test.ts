import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runFolderPath } from '../../src/run-store.js';
import { readRun } from '../../src/store/read-run.js';
import type { StabilityOptions } from '../../src/stability/stability.js';
import { analyseStability } from '../../src/stability/stability.js';
import { mnist, smaller, twoStages, workOn } from '../support/mnist-run.js';
import { inFolder } from '../support/stages.js';

const experiment = twoStages({
  network: smaller,
  trials: 2,
  branches: [
    { kind: 'random-mask', levels: [1] },
    { kind: 'random-reinit', levels: [1] },
  ],
});

/** A finished run of two trials in a folder of its own. */
async function finishedRun(root: string) {
  await workOn(root, experiment);
  return await readRun(runFolderPath({ root, experiment, dataset: mnist }));
}

const settings = {
  dataset: mnist,
  trials: [1],
  branches: ['iterative' as const],
  levels: [0, 1],
  steps: [20, 5],
  points: 3,
};
const never = new AbortController().signal;

describe('a stability analysis', () => {
  test(
    'of a real run: copies that never part are one network, the run’s own; others come apart within their masks',
    () =>
      inFolder(async (root) => {
        const run = await finishedRun(root);
        const file = join(root, 'stability.json');
        const told: string[] = [];
        const options: StabilityOptions = { ...settings, run, file, signal: never };
        const { cells, overlaps } = await analyseStability({
          ...options,
          trials: [1, 2],
          levels: [1],
          steps: [],
        });
        expect(cells).toEqual([]);
        expect(overlaps).toMatchObject([{ level: 1, trials: [1, 2] }]);
        // Masks of trials with initial weights of their own share little more than chance.
        expect(Math.abs((overlaps[0]?.shared ?? 0) - (overlaps[0]?.byChance ?? 1))).toBeLessThan(0.05);

        // Stopped after the first pair, and taken up again.
        const stop = new AbortController();
        const onProgress = (done: number) => {
          if (done === 1) stop.abort();
        };
        await expect(analyseStability({ ...options, signal: stop.signal, onProgress })).rejects.toThrow(
          'aborted',
        );
        const begun = JSON.parse(await readFile(file, 'utf8')) as { cells: unknown[] };
        expect(begun.cells).toHaveLength(1);
        const result = await analyseStability({
          ...options,
          onProgress: (_, __, label) => {
            told.push(label);
          },
        });
        expect(result.cells[0]).toEqual(begun.cells[0]);
        expect(result.options).toMatchObject({ trials: [1, 2], levels: [0, 1], steps: [5, 20] });
        expect(result.overlaps).toEqual(overlaps);
        expect(told.at(-1)).toBe('done');

        const cell = (level: number, step: number) =>
          result.cells.find((each) => each.level === level && each.step === step);
        const same = cell(0, 20);
        expect(same?.distances).toMatchObject({ apart: 0, travelled: [0, 0] });
        expect(same?.barriers).toEqual({ trainError: 0, testError: 0, trainLoss: 0 });
        const trained = run.stages.find(({ trial, level }) => trial === 1 && level === 0);
        expect(1 - (same?.points[0]?.testError ?? 0)).toBeCloseTo(trained?.metrics.end.testAccuracy ?? 0, 10);

        for (const apart of [cell(0, 5), cell(1, 5)]) {
          expect(apart?.points.map(({ alpha }) => alpha)).toEqual([0, 0.5, 1]);
          expect(apart?.distances.apart).toBeGreaterThan(0);
          expect(apart?.barriers.testError).toBeGreaterThan(-0.05);
        }
        // Level 1 prunes before the copies part: what it travels is on fewer axes.
        expect(cell(1, 5)?.density).toBeLessThan(1);

        // The file is whole: again is done at once, and gives the same.
        const again = await analyseStability(options);
        expect(again).toEqual(result);

        await expect(analyseStability({ ...options, points: 5 })).rejects.toThrow('name another file');
        await expect(analyseStability({ ...options, steps: [21] })).rejects.toThrow('at step 21');
        await expect(analyseStability({ ...options, levels: [2] })).rejects.toThrow('level 2 of');

        // Controls with masks of their own are looked at where they are, those with other weights refused.
        const controls = { ...options, steps: [20], levels: [0, 1], points: 3 };
        const masks = await analyseStability({ ...controls, branches: ['random-mask'] });
        expect(masks.cells.filter(({ branch }) => branch === 'random-mask')).toMatchObject([
          { level: 1, distances: { apart: 0 } },
        ]);
        await expect(analyseStability({ ...controls, branches: ['random-reinit'] })).rejects.toThrow(
          'begins with weights of its own',
        );
      }),
    60_000,
  );
});
