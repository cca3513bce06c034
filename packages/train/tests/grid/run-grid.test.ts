import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseGrid } from '../../src/grid/grid.js';
import { readGrid } from '../../src/grid/grid-store.js';
import type { GridEvent } from '../../src/grid/run-grid.js';
import { runGrid } from '../../src/grid/run-grid.js';
import { stageLabel } from '../../src/store/stage-path.js';
import { readRun } from '../../src/store/read-run.js';
import { runStatus } from '../../src/store/run-status.js';
import { smaller, twoStages } from '../support/mnist-run.js';
import { inFolder } from '../support/stages.js';

/** Two criteria, two levels of 20 steps each. */
const small = (grid: object) =>
  parseGrid({ ...twoStages({ network: smaller }), name: 'small', grid }, 'small.json');

const finishedIn = (events: readonly GridEvent[]) =>
  events.flatMap((told) =>
    told.type === 'training' && told.event.type === 'stage'
      ? [`${told.cell.label}: ${stageLabel(told.event.manifest)}`]
      : [],
  );

test(
  'two calls on one grid finish it together, each stage done once; what one stops the other goes on with',
  () =>
    inFolder(async (root) => {
      const grid = small({ 'pruning.criterion': ['magnitude', 'movement'] });
      const whole = await runGrid({ grid, root: join(root, 'whole'), workers: 1 });
      expect(whole.failures).toEqual([]);

      const stop = new AbortController();
      const first: GridEvent[] = [];
      const second: GridEvent[] = [];
      const shared = join(root, 'shared');
      await Promise.all([
        runGrid({
          ...{ grid, root: shared, workers: 1, signal: stop.signal, checkpointSeconds: 0 },
          onEvent: (event) => {
            first.push(event);
            if (event.type === 'training' && event.event.type === 'progress') stop.abort();
          },
        }),
        runGrid({ grid, root: shared, workers: 1, onEvent: (event) => second.push(event) }),
      ]);
      const rest: GridEvent[] = [];
      const { cells, folder, failures } = await runGrid({
        ...{ grid, root: shared, workers: 2 },
        onEvent: (event) => rest.push(event),
      });
      expect(failures).toEqual([]);
      const done = [...finishedIn(first), ...finishedIn(second), ...finishedIn(rest)];
      expect(done.toSorted()).toEqual(
        ['criterion=magnitude', 'criterion=movement'].flatMap((label) =>
          [0, 1].map((level) => `${label}: trial 1, iterative, level ${level}`),
        ),
      );
      const hashes = async (at: string) =>
        await Promise.all(
          cells.map(async ({ run }) =>
            (await readRun(join(at, run))).stages.map(({ ticketHash }) => ticketHash),
          ),
        );
      expect(await hashes(folder)).toEqual(await hashes(whole.folder));
      expect((await readGrid(folder))?.cells.map(({ run }) => run)).toEqual(cells.map(({ run }) => run));
    }),
  120_000,
);

test(
  'an experiment that fails leaves the others alone, is told, seen in its status, and tried again',
  () =>
    inFolder(async (root) => {
      const grid = small({ 'optimizer.rate': [1e30, 0.001] });
      const told: GridEvent[] = [];
      const { failures, folder } = await runGrid({
        ...{ grid, root, workers: 1 },
        onEvent: (event) => told.push(event),
      });
      expect(failures).toHaveLength(1);
      expect(failures[0]?.message).toContain('no longer a finite number');
      expect(told.filter(({ type }) => type === 'failed')).toHaveLength(1);
      const states = async (label: string) => {
        const run = (await readGrid(folder))?.cells.find((cell) => cell.label === label)?.run ?? '';
        return await runStatus(join(folder, run));
      };
      const failed = await states('rate=1e+30');
      expect(failed.stages.map(({ state }) => state)).toEqual(['failed', 'waiting']);
      expect(failed.stages[0]?.failure?.message).toContain('lower optimizer.rate');
      expect(failed.secondsLeft).toBeUndefined();
      const sound = await states('rate=0.001');
      expect(sound.stages.map(({ state }) => state)).toEqual(['done', 'done']);
      expect(sound.secondsLeft).toBe(0);
      expect((await runGrid({ grid, root, workers: 1 })).failures).toHaveLength(1);
    }),
  120_000,
);

test('an experiment that does not fit its data is refused before anything is written', () =>
  inFolder(async (root) => {
    const grid = small({ batchSize: [60, 60_000] });
    await expect(runGrid({ grid, root })).rejects.toThrow(/batchSize=60000: batchSize is 60000/);
    expect(await readGrid(join(root, 'grid-small'))).toBeUndefined();
  }));
