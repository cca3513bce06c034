import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDataset, type Dataset } from '../../src/index.js';
import { folderWith } from '../support/idx.js';
import { messageOf } from '../support/sentence.js';
import { sgmlFile, type ArticleParts } from '../support/sgml.js';
import { countOfEach, sizesOf } from '../support/text.js';

const text = { kind: 'sequence', words: 100, length: 5 } as const;

/** Two files of a collection with articles on both sides, of one topic, of several and of none. */
function collection(): Record<string, Uint8Array> {
  const articles = (first: number, split: 'TRAIN' | 'TEST'): ArticleParts[] =>
    [['earn'], ['acq'], ['earn'], ['grain', 'wheat'], ['earn', 'yen'], ['jobs'], ['trade', 'trade'], []].map(
      (topics, index) => ({
        id: first + index,
        split,
        topics,
        title: `TITLE ${first + index}`,
        body: `own${first + index}x`,
      }),
    );
  return {
    'reut2-000.sgm': sgmlFile(
      ...articles(1, 'TRAIN'),
      { id: 100, topics: ['zinc'], body: 'only trained' },
      { id: 101, topics: ['earn'], hasTopics: 'BYPASS', body: 'on no side' },
    ),
    'reut2-021.sgm': sgmlFile(...articles(201, 'TEST'), {
      id: 300,
      split: 'TEST',
      topics: ['silk'],
      body: 'only tested',
    }),
    'lewis.dtd': Uint8Array.of(1),
  };
}

async function load(id: string, files = collection()): Promise<Dataset> {
  return await loadDataset({ id, directory: await folderWith(files), validation: 1, splitSeed: 0, text });
}

describe('ModApte with all topics', () => {
  it('has the documents of both sides and the topics that both have, several for some', async () => {
    const dataset = await load('modapte-90');
    expect(dataset.classNames).toEqual(['acq', 'earn', 'grain', 'jobs', 'trade', 'wheat', 'yen']);
    expect(sizesOf(dataset)).toEqual([7, 7]);
    expect(dataset.test.labels).toMatchObject({ dtype: 'uint8', shape: [7, 7] });
    expect(countOfEach(dataset.test, 7)).toEqual([1, 3, 1, 1, 1, 1, 1]);
  });
});

describe('R8 and R52', () => {
  it('have the documents that list one topic, and that one of the 8 or 52', async () => {
    const r8 = await load('r8');
    expect(r8.classNames).toHaveLength(8);
    expect(sizesOf(r8)).toEqual([3, 3]);
    expect(countOfEach(r8.test, 8)).toEqual([1, 0, 2, 0, 0, 0, 0, 0]);
    const r52 = await load('r52');
    expect(r52.classNames).toHaveLength(52);
    expect(new Set(r52.classNames).size).toBe(52);
    // Here with `jobs`, and on the training side with `zinc`.
    expect(sizesOf(r52)).toEqual([5, 4]);
  });
});

describe('a part of the collection', () => {
  it.each(['modapte-90', 'r8', 'r52'])('is taken as %s, and is not as published', async (id) => {
    expect((await load(id)).asPublished).toBe(false);
  });

  it('has a checksum of its own', async () => {
    const { checksum } = await load('r8');
    const files = collection();
    expect((await load('r8', files)).checksum).toBe(checksum);
    files['reut2-021.sgm']?.set([65], 500);
    expect((await load('r8', files)).checksum).not.toBe(checksum);
  });
});

describe('a folder without the collection', () => {
  it('is refused when none is given', async () => {
    expect(await messageOf(() => loadDataset({ id: 'r8', validation: 1, splitSeed: 0, text }))).toBe(
      'dataset r8: its files are not installed along; give the folder that holds them (--data-dir).',
    );
  });

  it('is refused when it is not there', async () => {
    const directory = join(await folderWith({}), 'none');
    expect(
      await messageOf(() => loadDataset({ id: 'r8', directory, validation: 1, splitSeed: 0, text })),
    ).toBe(
      `${directory}: the folder cannot be read (ENOENT); it should hold reut2-000.sgm to reut2-021.sgm.`,
    );
  });

  it('is refused when it has none of the files', async () => {
    expect(await messageOf(() => load('r8', { 'reut2-022.sgm': sgmlFile() }))).toContain(
      'found no reut2-000.sgm to reut2-021.sgm; the folder should hold the files of Reuters-21578.',
    );
  });

  it('is refused without documents for testing', async () => {
    const { 'reut2-000.sgm': first = new Uint8Array() } = collection();
    expect(await messageOf(() => load('r8', { 'reut2-000.sgm': first }))).toContain(
      "expected at least 2 training documents and 1 test document of r8, found 3 and 0; add the collection's other files.",
    );
  });

  it('is refused when an article is there twice', async () => {
    const { 'reut2-000.sgm': first = new Uint8Array() } = collection();
    expect(await messageOf(() => load('r8', { 'reut2-000.sgm': first, 'reut2-001.sgm': first }))).toContain(
      'article 1 is there twice, expected each once',
    );
  });

  it('is refused when a file is larger than any of the collection, before it is read', async () => {
    const message = await messageOf(() => load('r8', { 'reut2-000.sgm': new Uint8Array(10_000_001) }));
    expect(message).toContain('reut2-000.sgm: expected at most 10000000 bytes, found 10000001');
  });
});
