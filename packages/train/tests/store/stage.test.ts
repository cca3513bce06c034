import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { Stage } from '../../src/lottery/stages.js';
import { openRun } from '../../src/run-store.js';
import * as atomic from '../../src/store/atomic.js';
import { writeCheckpoint } from '../../src/store/checkpoint.js';
import { stageFolder } from '../../src/store/stage-path.js';
import {
  commitStage,
  manifestFileName,
  readHistory,
  readStage,
  readStageTicket,
} from '../../src/store/stage.js';
import { killChildren, removeBundles, startChild } from '../support/child.js';
import { dataset, experimentOf, inFolder, resultOf } from '../support/stages.js';

// Test files share loaded modules; here they are loaded anew, with the spy in them, and the next file loads its own.
vi.hoisted(() => vi.resetModules());
vi.mock('../../src/store/atomic.js', { spy: true });

afterEach(async () => {
  vi.mocked(atomic.writeAtomic).mockReset();
  vi.mocked(atomic.writeJson).mockReset();
  await killChildren();
});
afterAll(async () => {
  vi.resetModules();
  await removeBundles();
});

const stage = { trial: 1, branch: 'iterative', level: 0 } as const;
const result = resultOf(stage);

/** All that a finished stage must have: throws when it is not complete. */
async function expectComplete(run: { folder: string }, key: Stage): Promise<void> {
  const manifest = await readStage(run, key);
  expect((await readStageTicket(run, key)).hash).toBe(manifest?.ticketHash);
  expect((await readHistory(run, key)).evaluations).toHaveLength(1);
}

describe('a stage', () => {
  test('is unfinished until it is committed, and then has its manifest, ticket and history', () =>
    inFolder(async (folder) => {
      const run = { folder };
      expect(await readStage(run, stage)).toBeUndefined();
      expect(await commitStage(run, stage, result)).toEqual(result.manifest);
      expect(await readStage(run, stage)).toEqual(result.manifest);
      expect((await readStageTicket(run, stage)).metadata.level).toBe(0);
      expect(await readHistory(run, stage)).toEqual(result.history);
    }));

  test('has no checkpoint left once it is committed', () =>
    inFolder(async (folder) => {
      await writeCheckpoint({ folder, hash: '0123456789ab' }, stage, { tensors: {}, data: {} });
      await commitStage({ folder }, stage, result);
      expect((await readdir(stageFolder({ folder }, stage))).sort()).toEqual(
        [manifestFileName, 'history.json', result.ticketFileName].sort(),
      );
    }));

  test('stays as it is when it is committed again, even with other results', () =>
    inFolder(async (folder) => {
      const run = { folder };
      await commitStage(run, stage, result);
      expect(await commitStage(run, stage, result)).toEqual(result.manifest);
      expect(await commitStage(run, stage, resultOf(stage, 2))).toEqual(result.manifest);
      await expectComplete(run, stage);
      expect(await readHistory(run, stage)).toEqual(result.history);
    }));

  test('is not committed when its manifest contradicts it', () =>
    inFolder(async (folder) => {
      const run = { folder };
      const commit = (changes: object) =>
        commitStage(run, stage, { ...result, manifest: { ...result.manifest, ...changes } });
      await expect(commit({ level: 1 })).rejects.toThrow(/belongs to another stage/);
      await expect(commit({ seconds: NaN })).rejects.toThrow(/'seconds' must be/);
      await expect(commit({ ticket: 'ticket-000000000000.ticket' })).rejects.toThrow(/names the ticket/);
      expect(await readdir(folder)).toEqual([]);
    }));
});

describe('a crash while a stage is committed', () => {
  test.each([1, 2, 3])(
    'leaves it unfinished when write %i of 3 fails, and the next attempt finishes it',
    (failing) =>
      inFolder(async (folder) => {
        const run = { folder };
        const { writeAtomic, writeJson } = await vi.importActual<typeof atomic>('../../src/store/atomic.js');
        let writes = 0;
        const failAtTurn =
          <Args extends unknown[]>(write: (...args: Args) => Promise<void>) =>
          async (...args: Args) => {
            writes += 1;
            if (writes === failing) throw new Error('cannot write: the disk is full');
            await write(...args);
          };
        vi.mocked(atomic.writeAtomic).mockImplementation(failAtTurn(writeAtomic));
        vi.mocked(atomic.writeJson).mockImplementation(failAtTurn(writeJson));
        await expect(commitStage(run, stage, resultOf(stage, 2))).rejects.toThrow(/disk is full/);
        expect(await readStage(run, stage)).toBeUndefined();
        await commitStage(run, stage, result);
        await expectComplete(run, stage);
        const names = await readdir(stageFolder(run, stage));
        expect(names.filter((name) => name.endsWith('.ticket'))).toEqual([result.ticketFileName]);
      }),
  );

  test('at any instant leaves every stage either unfinished or complete, and no litter once the run is opened', () =>
    inFolder(async (root) => {
      const options = { root, experiment: experimentOf(), dataset };
      const run = await openRun(options);
      for (let trial = 1; trial <= 5; trial++) {
        const child = await startChild('commit-stages', [JSON.stringify(run), String(trial)]);
        await child.line();
        await sleep(20 + 31 * trial);
        await child.kill();
        for (let level = 0; level < (await levelsOf(run, trial)); level++) {
          const key = { trial, branch: 'iterative', level } as const;
          if (await readStage(run, key)) await expectComplete(run, key);
        }
      }
      await openRun(options);
      const files = await readdir(run.folder, { recursive: true });
      expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }));

  async function levelsOf(run: { folder: string }, trial: number): Promise<number> {
    const names = await readdir(join(run.folder, `trial-${trial}`, 'iterative')).catch(() => []);
    return names.length;
  }
});

describe('a finished stage that was tampered with says what and which file to delete:', () => {
  async function tampered(
    change: (path: (name: string) => string) => Promise<void>,
    read: typeof readStageTicket,
  ) {
    let message = '';
    await inFolder(async (folder) => {
      await commitStage({ folder }, stage, result);
      const path = (name: string) => join(stageFolder({ folder }, stage), name);
      await change(path);
      message = await read({ folder }, stage).then(
        () => '',
        (error: unknown) => String(error).replaceAll(folder, ''),
      );
    });
    return message;
  }
  const remedy = 'delete /trial-1/iterative/level-0/stage.json to train this level again';

  test('a ticket that is missing', async () => {
    const message = await tampered((path) => rm(path(result.ticketFileName)), readStageTicket);
    expect(message).toMatch(/\/ticket-[0-9a-f]{12}\.ticket is missing: put the original back, or /);
    expect(message).toContain(remedy);
  });

  test('a ticket that was changed', async () => {
    const message = await tampered(
      (path) => writeFile(path(result.ticketFileName), result.ticketBytes.subarray(0, 5000)),
      readStageTicket,
    );
    expect(message).toContain(remedy);
  });

  test('a ticket that is another one', async () => {
    const message = await tampered(
      (path) => writeFile(path(result.ticketFileName), resultOf(stage, 2).ticketBytes),
      readStageTicket,
    );
    expect(message).toMatch(/was replaced: its seal is [0-9a-f]{64}, recorded is/);
    expect(message).toContain(remedy);
  });

  test.each([
    ['is cut off', (text: string) => text.slice(0, 100), /stage\.json is not valid JSON; delete it/],
    [
      'lacks a key',
      (text: string) => text.replace('"survivors"', '"other"'),
      /'survivors' must be .*; delete it/,
    ],
    [
      'is of another stage',
      (text: string) => text.replace('"level": 0', '"level": 1'),
      /another stage .*; delete it/,
    ],
    [
      'names a file elsewhere',
      (text: string) => text.replace(/ticket-[0-9a-f]{12}\.ticket/, '../../../../secret'),
      /'ticket' must be .*; delete it/,
    ],
    [
      'is of a later version',
      (text: string) => text.replace('"schema": 1', '"schema": 2'),
      /'schema' must be one of 1/,
    ],
    ['is far too long', (text: string) => text + ' '.repeat(2_000_000), /more than .* may have; delete it/],
  ])('a manifest that %s', async (_, change, expected) => {
    const message = await tampered(async (path) => {
      const manifest = path(manifestFileName);
      await writeFile(manifest, change(await readFile(manifest, 'utf8')));
    }, readStageTicket);
    expect(message).toMatch(expected);
  });

  test('a history that is missing or damaged', async () => {
    const read = readHistory as unknown as typeof readStageTicket;
    const missing = await tampered((path) => rm(path('history.json')), read);
    expect(missing).toContain(`history.json is missing; ${remedy}`);
    const damaged = await tampered((path) => writeFile(path('history.json'), '{}'), read);
    expect(damaged).toContain(remedy);
  });

  test('a stage that is not finished has no ticket', () =>
    inFolder(async (folder) => {
      await expect(readStageTicket({ folder }, stage)).rejects.toThrow(
        `trial 1, iterative, level 0 of ${folder} is not finished: run the experiment first`,
      );
    }));
});
