import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type RunFolder, openRun } from '../../src/run-store.js';
import { checkpointFileName, writeCheckpoint } from '../../src/store/checkpoint.js';
import { cleanRun } from '../../src/store/clean.js';
import { acquire } from '../../src/store/lock.js';
import { diskUse } from '../../src/store/read-run.js';
import { stageFolder } from '../../src/store/stage-path.js';
import { commitStage, readStage } from '../../src/store/stage.js';
import { dataset, experimentOf, inFolder, resultOf } from '../support/stages.js';

const finished = { trial: 1, branch: 'iterative', level: 0 } as const;
const begun = { trial: 1, branch: 'iterative', level: 1 } as const;

/** A run with one finished stage and one that has a checkpoint. */
async function startedRun(root: string): Promise<RunFolder> {
  const run = await openRun({ root, experiment: experimentOf(), dataset });
  await commitStage(run, finished, resultOf(finished));
  await writeCheckpoint(run, begun, { tensors: {}, data: {} });
  return run;
}

describe('cleaning a run', () => {
  test('of its checkpoints keeps what is finished', () =>
    inFolder(async (root) => {
      const run = await startedRun(root);
      const before = await diskUse(run.folder);
      const { files, bytes, kept } = await cleanRun(run.folder, 'checkpoints');
      expect({ files, kept }).toEqual({ files: 1, kept: [] });
      expect(await diskUse(run.folder)).toBe(before - bytes);
      expect(await readdir(stageFolder(run, begun))).toEqual([]);
      expect(await readStage(run, finished)).toBeDefined();
    }));

  test('of all removes the folder', () =>
    inFolder(async (root) => {
      const run = await startedRun(root);
      const before = await diskUse(run.folder);
      expect(await cleanRun(run.folder, 'all')).toEqual({ files: 5, bytes: before, kept: [] });
      expect(await readdir(root)).toEqual([]);
    }));

  test("keeps the user's own files, and what links lead to", () =>
    inFolder(async (root) => {
      const run = await startedRun(root);
      const outside = join(root, 'outside');
      await mkdir(outside);
      await writeFile(join(outside, checkpointFileName), 'mine');
      await symlink(outside, join(run.folder, 'trial-1', 'iterative', 'level-2'));
      await writeFile(join(run.folder, 'notes.txt'), 'mine');
      const { kept } = await cleanRun(run.folder, 'all');
      expect([...kept].sort()).toEqual([join(run.folder, 'notes.txt'), join(run.folder, 'trial-1')]);
      expect(await readFile(join(outside, checkpointFileName), 'utf8')).toBe('mine');
    }));

  test('is refused while a stage of it is being trained', () =>
    inFolder(async (root) => {
      const run = await startedRun(root);
      const lock = await acquire(stageFolder(run, begun));
      await expect(cleanRun(run.folder, 'checkpoints')).rejects.toThrow(
        /is in use: trial 1, iterative, level 1 is held by process \d+ on .*; stop it first$/,
      );
      expect(await readdir(stageFolder(run, begun))).toContain(checkpointFileName);
      await lock?.release();
      expect((await cleanRun(run.folder, 'checkpoints')).files).toBe(1);
    }));

  test('is refused in a folder that is no run', () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, checkpointFileName), 'mine');
      await expect(cleanRun(folder, 'all')).rejects.toThrow(/is not a run/);
      expect(await readdir(folder)).toEqual([checkpointFileName]);
    }));
});
