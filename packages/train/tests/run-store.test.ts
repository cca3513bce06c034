import { mkdir, readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { experimentHash } from '../src/experiment-hash.js';
import { experimentFileName, findRun, openRun, runFolderPath } from '../src/run-store.js';
import { dataset, experimentOf, inFolder } from './support/stages.js';

const experiment = experimentOf();

describe('opening a run', () => {
  test('creates a folder named after the experiment and its hash, which records both', () =>
    inFolder(async (root) => {
      const run = await openRun({ root: join(root, 'runs'), experiment, dataset });
      const hash = experimentHash(experiment, dataset.checksum);
      expect(run).toEqual({ folder: join(root, 'runs', `small-${hash}`), experiment, hash, dataset });
      expect(await findRun(run.folder)).toEqual(run);
    }));

  test('again gives the same run, also when several processes do so at once', () =>
    inFolder(async (root) => {
      const options = { root, experiment, dataset };
      const [first, ...others] = await Promise.all([openRun(options), openRun(options), openRun(options)]);
      for (const other of others) expect(other).toEqual(first);
      expect(await readdir(root)).toHaveLength(1);
    }));

  test('of an extended experiment goes on in the same folder, which records what is asked now', () =>
    inFolder(async (root) => {
      const run = await openRun({ root, experiment, dataset });
      const extended = experimentOf({ trials: 5 });
      expect((await openRun({ root, experiment: extended, dataset })).folder).toBe(run.folder);
      expect((await findRun(run.folder)).experiment.trials).toBe(5);
    }));

  test('of another experiment of the same name, or on other data, has a folder of its own', () => {
    const folders = [
      runFolderPath({ root: '', experiment, dataset }),
      runFolderPath({ root: '', experiment: experimentOf({ seed: 2 }), dataset }),
      runFolderPath({ root: '', experiment, dataset: { ...dataset, checksum: 'e'.repeat(64) } }),
    ];
    expect(new Set(folders).size).toBe(3);
  });

  test('removes what crashed writes left anywhere in it', () =>
    inFolder(async (root) => {
      const run = await openRun({ root, experiment, dataset });
      const folder = join(run.folder, 'trial-1', 'iterative', 'level-0');
      await mkdir(folder, { recursive: true });
      const name = 'stage.json.000000000000-1-00000000.tmp';
      await writeFile(join(folder, name), '');
      await utimes(join(folder, name), 0, 0);
      await openRun({ root, experiment, dataset });
      expect(await readdir(folder)).toEqual([]);
    }));
});

describe('a run that cannot be opened says why in one sentence:', () => {
  async function refusal(prepare: (path: string, root: string) => Promise<void>): Promise<string> {
    let message = '';
    await inFolder(async (root) => {
      const folder = runFolderPath({ root, experiment, dataset });
      await mkdir(folder);
      await prepare(join(folder, experimentFileName), root);
      message = await openRun({ root, experiment, dataset }).then(
        () => '',
        (error: unknown) => String(error).replaceAll(root, ''),
      );
    });
    return message;
  }

  test('the folder holds another experiment', async () => {
    const other = experimentOf({ name: 'other', seed: 2 });
    const message = await refusal(async (path, root) => {
      const run = await openRun({ root, experiment: other, dataset });
      await writeFile(path, await readFile(join(run.folder, experimentFileName)));
    });
    const found = `other-${experimentHash(other, dataset.checksum)}`;
    expect(message).toContain(`holds another experiment (${found}): move it away`);
  });

  test.each([
    ['is not JSON', '{', /experiment\.json is not valid JSON; move \/small-[0-9a-f]{12} away/],
    ['is something else', '{"a": 1}', /experiment\.json: .*; move \/small-[0-9a-f]{12} away/],
  ])('its experiment.json %s', async (_, content, expected) => {
    expect(await refusal((path) => writeFile(path, content))).toMatch(expected);
  });

  test('its experiment.json was edited', async () => {
    const message = await refusal(async (path, root) => {
      await openRun({ root, experiment, dataset });
      await writeFile(path, (await readFile(path, 'utf8')).replace('"seed": 1', '"seed": 3'));
    });
    expect(message).toMatch(/experiment\.json was changed after the run began/);
  });

  test('a file is in the place of the folder', () =>
    inFolder(async (root) => {
      await writeFile(join(root, 'runs'), '');
      await expect(openRun({ root: join(root, 'runs'), experiment, dataset })).rejects.toThrow(
        /^cannot use .*a part of this path is a file, not a folder/,
      );
    }));

  test('a folder that is no run', () =>
    inFolder(async (folder) => {
      await expect(findRun(folder)).rejects.toThrow(`${folder} is not a run: it has no experiment.json`);
    }));
});
