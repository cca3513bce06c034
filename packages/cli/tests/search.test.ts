import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSearch, shippedSearches } from '../src/search-file.js';
import { start, tickets, workplace } from './tickets.js';

/** A search of seconds on the real data. */
const tinySearch = {
  name: 'tiny',
  dataset: { id: 'mnist', validation: 5000 },
  optimizer: { kind: 'adam' },
  ...{ batchSize: 60, iterations: 20, evaluateEvery: 10, seed: 1 },
  families: {
    linear: { rate: [0.01] },
    ffnn: { hidden: [8, 16], depth: [1, 2], dropout: [0, 0.2], rate: [0.001] },
  },
  budget: { candidates: 3 },
};

interface Found {
  readonly folder: string;
  readonly report: string;
  readonly ranking: readonly { readonly name: string; readonly run: string; readonly validation: unknown }[];
  readonly chosen: readonly {
    readonly family: string;
    readonly experiment: string;
    readonly test: unknown;
  }[];
}

let folder = '';

beforeAll(async () => {
  folder = await workplace();
  await write('search.json', {});
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  await writeFile(join(folder, name), JSON.stringify({ ...tinySearch, ...changes }));
}

test('every search that comes along is valid under its own name', async () => {
  const names = await shippedSearches();
  expect(names).toContain('reuters');
  for (const name of names) expect((await loadSearch(name)).search.name).toBe(name);
});

describe('a search', () => {
  let found: Found;
  let told = '';

  beforeAll(async () => {
    const { code, stdout, stderr } = await tickets(folder, 'search', 'search.json', '--json');
    expect(code, stderr).toBe(0);
    found = JSON.parse(stdout) as Found;
    told = stderr;
  }, 120_000);

  test('ranks all candidates and chooses one of each family', () => {
    expect(found.folder).toMatch(/^runs[\\/]search-tiny-[0-9a-f]{12}$/);
    expect(found.ranking).toHaveLength(3);
    expect(found.chosen.map(({ family }) => family).sort()).toEqual(['ffnn', 'linear']);
  });

  test('tells on standard error how it goes on, and nothing of the test samples', () => {
    expect(told).toMatch(/search-tiny-[0-9a-f]{12}: 3 candidates, .* in runs, \d+ at a time/);
    expect(told.match(/^finished .*validation accuracy/gm)).toHaveLength(3);
    expect(told).not.toMatch(/test/);
  });

  test('leaves its runs, its result and a report', async () => {
    const runs = found.ranking.map(({ run }) => run);
    expect((await readdir(join(folder, found.folder))).sort()).toEqual(
      ['chosen', 'report.html', 'result.json', 'search.json', ...runs].sort(),
    );
    const page = await readFile(join(folder, found.report), 'utf8');
    for (const { name } of found.chosen.map(({ experiment }) => ({ name: experiment }))) {
      await expect(readFile(join(folder, found.folder, name), 'utf8')).resolves.toContain('"levels": 0');
    }
    expect(page).toContain('<!doctype html>');
  });

  test('again trains nothing; for people it prints tables and how to go on', async () => {
    const again = await tickets(folder, 'search', 'search.json');
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain('all 3 candidates are trained');
    expect(again.stdout).toMatch(/^candidate +validation %/);
    expect(again.stdout).toContain('majority class');
    expect(again.stdout).toMatch(
      /To look for tickets .*chosen[\\/]\w+\.json --levels 9\nReport: .*report\.html\n$/,
    );
  }, 60_000);

  test('its choice is an experiment that can be pruned', async () => {
    const [best] = found.chosen;
    const file = join(found.folder, best?.experiment ?? '');
    const trained = await tickets(folder, 'train', file, '--levels', '1', '--json');
    expect(trained.code, trained.stderr).toBe(0);
    expect((JSON.parse(trained.stdout) as { trainings: unknown }).trainings).toEqual({
      done: 2,
      expected: 2,
    });
  }, 60_000);

  test('its candidates are runs that other commands know', async () => {
    const { stdout } = await tickets(folder, 'list', '--runs', found.folder, '--json');
    const names = (JSON.parse(stdout) as { name: string; done: number }[]).map(({ name }) => name);
    expect(names.sort()).toEqual(found.ranking.map(({ name }) => name).sort());
  });
});

test('Ctrl-C stops with 130; the same command goes on where it was', async () => {
  await write('long.json', { name: 'long', iterations: 120, evaluateEvery: 20 });
  const args = ['search', 'long.json', '--workers', '1', '--json'];
  const stopped = start(folder, ...args);
  await stopped.seen('finished ');
  stopped.child.kill('SIGINT');
  const { code, stdout, stderr } = await stopped.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toContain(`tickets: stopped; to go on, run again: tickets ${args.join(' ')}\n`);

  const resumed = await tickets(folder, ...args);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.stderr).toMatch(/: [12] of 3 candidates/);
  const whole = await tickets(folder, ...args, '--runs', 'whole');
  const figures = (text: string) =>
    (JSON.parse(text) as Found).ranking.map(({ run, validation }) => ({ run, validation }));
  expect(figures(resumed.stdout)).toEqual(figures(whole.stdout));
}, 120_000);

describe('a search file that cannot be used exits with 1 and one sentence', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['an unknown key', { buget: {} }, "changed.json: unknown key 'buget'; did you mean 'budget'?"],
    [
      'a family that does not fit the data',
      { families: { linear: { rate: [1], words: [10] } } },
      "changed.json: families.linear: 'words' is for text, but mnist holds images: remove it",
    ],
  ])('%s', async (_, changes, sentence) => {
    await write('changed.json', changes);
    expect(await tickets(folder, 'search', 'changed.json')).toEqual({
      ...{ code: 1, stdout: '' },
      stderr: `tickets: ${sentence}\n`,
    });
  });

  test('an unknown search names the nearest', async () => {
    const { code, stderr } = await tickets(folder, 'search', 'router');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tickets: unknown search 'router'; did you mean 'reuters'\?\n$/);
  });
});
