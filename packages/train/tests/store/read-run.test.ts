import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stagesOf } from '../../src/lottery/stages.js';
import { openRun } from '../../src/run-store.js';
import { diskUse, listRuns, readRun } from '../../src/store/read-run.js';
import { stageFolder } from '../../src/store/stage-path.js';
import { commitStage, readHistory } from '../../src/store/stage.js';
import { dataset, experimentOf, inFolder, resultOf } from '../support/stages.js';

const experiment = experimentOf();

describe('reading a run', () => {
  test('gives the finished stages in order, and how many there will be', () =>
    inFolder(async (root) => {
      const run = await openRun({ root, experiment, dataset });
      const [first, second] = stagesOf(experiment);
      if (!first || !second) throw new Error('the experiment has too few stages');
      await commitStage(run, second, resultOf(second));
      await commitStage(run, first, resultOf(first));
      const read = await readRun(run.folder);
      expect(read).toEqual({
        ...run,
        stages: [resultOf(first).manifest, resultOf(second).manifest],
        expected: 8,
      });
      expect(await readHistory(read, second)).toEqual(resultOf(second).history);
    }));

  test('leaves out stages that the experiment no longer asks for', () =>
    inFolder(async (root) => {
      const run = await openRun({ root, experiment, dataset });
      const stage = { trial: 2, branch: 'iterative', level: 0 } as const;
      await commitStage(run, stage, resultOf(stage));
      await openRun({ root, experiment: experimentOf({ trials: 1 }), dataset });
      expect(await readRun(run.folder)).toMatchObject({ stages: [], expected: 4 });
      await openRun({ root, experiment, dataset });
      expect(await readRun(run.folder)).toMatchObject({ stages: [{ trial: 2 }], expected: 8 });
    }));
});

describe('the list of runs', () => {
  test('is empty where there is no folder', () =>
    inFolder(async (root) => {
      expect(await listRuns(join(root, 'runs'))).toEqual([]);
    }));

  test('sums up each run; a damaged one tells its problem and hides no other', () =>
    inFolder(async (root) => {
      const run = await openRun({ root, experiment, dataset });
      const damaged = await openRun({ root, experiment: experimentOf({ name: 'damaged' }), dataset });
      await mkdir(join(root, 'something-else'));
      for (const [index, stage] of stagesOf(experiment).slice(0, 2).entries()) {
        const result = resultOf(stage);
        const finishedAt = `2026-01-0${2 - index}T00:00:00.000Z`;
        await commitStage(run, stage, { ...result, manifest: { ...result.manifest, finishedAt } });
        await commitStage(damaged, stage, result);
        await writeFile(join(stageFolder(damaged, stage), 'stage.json'), '');
      }
      expect(await listRuns(root)).toEqual([
        {
          folder: damaged.folder,
          name: `damaged-${damaged.hash}`,
          hash: '',
          done: 0,
          expected: 0,
          bytes: await diskUse(damaged.folder),
          lastFinished: undefined,
          problem: expect.stringContaining('stage.json is not valid JSON') as string,
        },
        {
          folder: run.folder,
          name: 'small',
          hash: run.hash,
          done: 2,
          expected: 8,
          bytes: await diskUse(run.folder),
          lastFinished: '2026-01-02T00:00:00.000Z',
          problem: undefined,
        },
      ]);
    }));
});

test('disk use counts the files of all subfolders and follows no links', () =>
  inFolder(async (folder) => {
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    await writeFile(join(folder, 'one'), '1'.repeat(1000));
    await writeFile(join(folder, 'a', 'b', 'two'), '2'.repeat(200));
    const before = await diskUse(folder);
    expect(before).toBe(1200);
    await symlink(folder, join(folder, 'a', 'circle'));
    expect((await diskUse(folder)) - before).toBeLessThan(1000);
    expect(await diskUse(join(folder, 'missing'))).toBe(0);
  }));
