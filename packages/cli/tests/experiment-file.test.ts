import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadExperiment, shippedNames } from '../src/experiment-file.js';
import { tiny } from './tickets.js';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winning-tickets-cli-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify({ ...tiny, ...changes }));
  return path;
}

test('every experiment that comes along is valid under its own name', async () => {
  const names = await shippedNames();
  expect(names).toContain('quick');
  for (const name of names) expect((await loadExperiment(name)).experiment.name).toBe(name);
});

describe('what the command line changes', () => {
  test('stands in the experiment, and nothing else does', async () => {
    const path = await write('plain.json');
    const { experiment: before } = await loadExperiment(path);
    const changes = {
      trials: 3,
      iterations: 50,
      levels: 4,
      seed: 9,
      threads: 2,
      evaluateEvery: 25,
      compact: false,
    };
    const { experiment, source } = await loadExperiment(path, { ...changes, dataDir: folder });
    const { levels, ...numbers } = changes;
    expect(experiment).toEqual({
      ...before,
      ...numbers,
      pruning: { ...before.pruning, levels },
      dataset: { ...before.dataset, directory: folder },
    });
    expect(source).toContain('plain.json');
  });

  test('takes nothing back that a file says of whole networks, where the command line has no --no-compact', async () => {
    const path = await write('whole.json', { compact: false });
    expect((await loadExperiment(path, { compact: true })).experiment.compact).toBe(false);
  });

  test('is checked like the file itself', async () => {
    const path = await write('plain.json');
    await expect(loadExperiment(path, { trials: 0 })).rejects.toThrow(
      /plain\.json with --trials 0: .*trials/,
    );
    await expect(loadExperiment(path, { evaluateEvery: 21 })).rejects.toThrow(
      /--evaluate-every 21: evaluateEvery is 21/,
    );
  });

  test('fewer levels leave out the controls beyond, and say so', async () => {
    const path = await write('controls.json', {
      pruning: { ...tiny.pruning, levels: 9 },
      branches: [{ kind: 'random-reinit', levels: [3, 9] }],
    });
    const { experiment, notes } = await loadExperiment(path, { levels: 5 });
    expect(experiment.branches).toEqual([{ kind: 'random-reinit', levels: [3] }]);
    expect(notes).toEqual(['--levels 5 leaves out random-reinit at level 9']);
  });
});

test("a folder in a file is meant from the file's own place", async () => {
  const path = await write('own-data.json', { dataset: { ...tiny.dataset, directory: 'data' } });
  expect((await loadExperiment(path)).experiment.dataset.directory).toBe(join(folder, 'data'));
});

test("a run's own experiment file is one", async () => {
  const file = await write('mine.json');
  const { experiment } = await loadExperiment(file);
  const record = join(folder, 'experiment.json');
  const dataset = { id: experiment.dataset.id, checksum: '0'.repeat(64) };
  await writeFile(record, JSON.stringify({ schema: 1, hash: '0123456789ab', dataset, experiment }));
  expect((await loadExperiment(record)).experiment).toEqual(experiment);
});

describe('branches that the command line adds', () => {
  test('come beside those of the file, at the levels given or at all, and replace the same ones', async () => {
    const { experiment } = await loadExperiment('quick', {
      levels: 4,
      branch: ['rewound,step=100:2,4', 'random-reinit:3', 'sign-reinit'],
    });
    const levelsOf = (kind: string) => experiment.branches.find((one) => one.kind === kind)?.levels;
    expect(levelsOf('rewound,step=100')).toEqual([2, 4]);
    expect(levelsOf('random-reinit')).toEqual([3]);
    expect(levelsOf('sign-reinit')).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ['rewound,step=100:9', 'levels from 1 to 4'],
    ['rewound,step=100:1:2', 'expected kind'],
    ['rewound:1', 'step'],
    ['rewind:1', "no branch 'rewind'"],
    ['rewound,step=100000:1', 'give an earlier one'],
  ])('are refused in one sentence: %s', async (branch, sentence) => {
    await expect(loadExperiment('quick', { levels: 4, branch: [branch] })).rejects.toThrow(sentence);
  });
});
