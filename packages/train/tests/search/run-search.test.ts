import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { parseExperiment } from '../../src/experiment.js';
import { findRun } from '../../src/run-store.js';
import { runSearch, type RunSearchOptions, type SearchEvent } from '../../src/search/run-search.js';
import type { SearchResult } from '../../src/search/search-result.js';
import { readRun } from '../../src/store/read-run.js';
import { overImages, searchOf } from './searches.js';

const search = searchOf({}, overImages);

let root = '';
let folder = '';
let result: SearchResult;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'search-'));
  const run = await runSearch({ search, root, workers: 2 });
  if (!run.result) throw new Error('the search did not come to its end');
  ({ folder, result } = run);
}, 120_000);

afterAll(async () => {
  await rm(root, { recursive: true });
});

/** What a search tells, and what it is told before. */
async function watched(changes: Partial<RunSearchOptions>) {
  const events: SearchEvent[] = [];
  let earlier = -1;
  const run = await runSearch({
    ...{ search, root, workers: 1 },
    onEvent: (event) => events.push(event),
    onPrepared: ({ ended }) => (earlier = ended.size),
    ...changes,
  });
  const trained = events.flatMap((event) => (event.type === 'ended' ? [event.outcome.candidate.name] : []));
  return { ...run, earlier, events, trained };
}

describe('a finished search', () => {
  test('has ranked all its candidates and chosen the best of each family', () => {
    expect(result.ranking).toHaveLength(3);
    expect(result.chosen.map(({ family }) => family).sort()).toEqual(['ffnn', 'linear']);
    for (const { family, run } of result.chosen) {
      expect(result.ranking.find((one) => one.family === family)?.run).toBe(run);
    }
  });

  test("tells of the test samples for its choices alone, as the choices' runs have it", async () => {
    expect(JSON.stringify(result.ranking)).not.toMatch(/test/i);
    for (const { run, test: found } of result.chosen) {
      const { stages } = await readRun(join(folder, run));
      expect(found.accuracy).toBe(stages[0]?.metrics.best.testAccuracy);
    }
  });

  test('has the majority class beside it, and of images no naive Bayes', () => {
    expect(result.baselines.map(({ name }) => name)).toEqual(['majority class']);
    // The most frequent digit, 1, has 1,135 of the 10,000 test images.
    expect(result.baselines[0]?.test.accuracy).toBe(0.1135);
  });

  test('leaves ordinary runs, its result, and an experiment for each choice', async () => {
    const runs = result.ranking.map(({ run }) => run);
    expect((await readdir(folder)).sort()).toEqual(['chosen', 'result.json', 'search.json', ...runs].sort());
    expect(JSON.parse(await readFile(join(folder, 'result.json'), 'utf8'))).toEqual(result);
    for (const { experiment, run } of result.chosen) {
      const json: unknown = JSON.parse(await readFile(join(folder, experiment), 'utf8'));
      expect(parseExperiment(json, experiment)).toEqual((await findRun(join(folder, run))).experiment);
    }
  });

  test('run again trains nothing and finds the same', async () => {
    const again = await watched({});
    expect(again).toMatchObject({ folder, earlier: 3, events: [], result });
  });

  test('with a larger budget trains what is new alone', async () => {
    const larger = await watched({ search: searchOf({ budget: { candidates: 4 } }, overImages) });
    expect(larger).toMatchObject({ folder, earlier: 3 });
    expect(larger.trained).toHaveLength(1);
    expect(larger.result?.ranking).toHaveLength(4);
    expect(larger.result?.ranking).toEqual(expect.arrayContaining([...result.ranking]));
  }, 60_000);
});

describe('a search that is stopped', () => {
  test('has no result, and goes on where it was', async () => {
    const other = join(root, 'stopped');
    const stop = new AbortController();
    const stopped = await watched({
      ...{ root: other, signal: stop.signal, checkpointSeconds: 0 },
      onEvent: ({ type }) => {
        if (type === 'ended') stop.abort();
      },
    });
    expect(stopped.result).toBeUndefined();
    const goneOn = await watched({ root: other });
    expect(goneOn.earlier).toBe(1);
    expect(goneOn.trained).toHaveLength(2);
    // Times differ, figures do not.
    const figures = (found: SearchResult | undefined) =>
      found?.ranking.map(({ run, validation, iteration }) => ({ run, validation, iteration }));
    expect(figures(goneOn.result)).toEqual(figures(result));
  }, 120_000);
});

describe('a candidate that diverges', () => {
  const own = searchOf(
    { optimizer: { kind: 'sgd' }, families: { linear: { rate: [0.01, 1e38] } }, iterations: 40 },
    overImages,
  );

  test('is told of and out of the ranking, and is not trained again', async () => {
    const first = await watched({ search: own });
    expect(first.result?.diverged.map(({ choice }) => choice['rate'])).toEqual([1e38]);
    expect(first.result?.diverged[0]?.message).toContain('lower optimizer.rate');
    expect(first.result?.ranking.map(({ choice }) => choice['rate'])).toEqual([0.01]);
    expect(await watched({ search: own })).toMatchObject({ earlier: 2, trained: [], result: first.result });
  }, 120_000);
});

describe('a folder', () => {
  test('whose search was changed is left alone', async () => {
    const other = join(root, 'changed');
    const copy = join(other, folder.slice(root.length + 1));
    await cp(folder, copy, { recursive: true });
    const file = join(copy, 'search.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"seed": 1', '"seed": 2'));
    await expect(runSearch({ search, root: other })).rejects.toThrow(
      /search\.json is of another search \([0-9a-f]{12}\) or was changed after the search began: move .* away/,
    );
  });
});

test('what does not fit its data is refused before anything is written, naming the file', async () => {
  const other = join(root, 'nothing');
  const asked = runSearch({
    search: searchOf({ batchSize: 59_000 }, overImages),
    root: other,
    source: 'mine.json',
  });
  await expect(asked).rejects.toThrow(/^mine\.json: batchSize is 59000, but only 55000 samples/);
  await expect(readdir(other)).rejects.toThrow('ENOENT');
});
