import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseSearch, searchHash } from '../../src/search/search.js';
import { overImages, overWords, searchOf } from './searches.js';

const { linear, ffnn, cnn } = overWords.families;

describe('a search file', () => {
  test('has defaults for what it may leave out', () => {
    expect(searchOf()).toMatchObject({
      dataset: { id: 'reuters-46', validation: 1000, splitSeed: 0 },
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      threads: 1,
      budget: { candidates: 12, trials: 1 },
    });
  });

  test('with every default filled in is read as itself', () => {
    for (const search of [searchOf(), searchOf({}, overImages)])
      expect(parseSearch(search, 'again')).toEqual(search);
  });

  test.each<[string, object, string]>([
    ['an unknown key', { familes: {} }, "unknown key 'familes'; did you mean 'families'?"],
    [
      'an unknown key of a family',
      { families: { ffnn: { ...ffnn, hiden: [1] } } },
      "unknown key 'hiden' in 'families.ffnn'; did you mean 'hidden'?",
    ],
    ['an unknown family', { families: { cn: cnn } }, "unknown key 'cn' in 'families'; did you mean 'cnn'?"],
    ['no family', { families: {} }, "'families' is empty: give at least one of linear, ffnn, cnn"],
    [
      'an empty list',
      { families: { linear: { ...linear, rate: [] } } },
      "'families.linear.rate' must be at least 1 entries long, found []",
    ],
    [
      'a list with a repetition',
      { families: { linear: { ...linear, words: [5, 5] } } },
      "'families.linear.words' must be valid (it lists 5 twice), found [5,5]",
    ],
    [
      'a rate in the optimizer',
      { optimizer: { kind: 'adam', rate: 0.1 } },
      "optimizer: 'rate' is chosen by the families: remove it, and give each family a list 'rate'",
    ],
    [
      'an unknown key of the optimizer',
      { optimizer: { kind: 'adam', beta: 0.9 } },
      "optimizer: unknown key 'beta'; did you mean 'beta1'?",
    ],
    [
      'text without words',
      { families: { linear: { rate: [1], weights: ['binary'] } } },
      'families.linear: \'words\' is missing, but reuters-46 holds text: give "words": [10000], for example',
    ],
    [
      'images with words',
      { dataset: overImages.dataset },
      "families.linear: 'words' is for text, but mnist holds images: remove it",
    ],
    [
      'images for the cnn over words',
      { dataset: overImages.dataset, families: { cnn } },
      'families.cnn: takes sequences of words, but mnist holds images: remove the family',
    ],
    [
      'a window longer than the text',
      { families: { cnn: { ...cnn, length: [20, 3] } } },
      "families.cnn: a window of 4 words is longer than a text of length 3: make 'length' larger",
    ],
    [
      'evaluations that never come',
      { families: { linear: { ...linear, iterations: 10 } } },
      'families.linear: evaluateEvery is 50, more than the 10 iterations of a training: make it smaller, or nothing would be evaluated on the way',
    ],
    [
      'more combinations than can be drawn from',
      { families: { ffnn: { ...ffnn, hidden: Array.from({ length: 50_000 }, (_, index) => index + 1) } } },
      'families.ffnn: there are 200000 combinations, at most 100000 can be drawn from: shorten its lists',
    ],
    [
      'an unknown data set',
      { dataset: { id: 'reuters-47' } },
      'unknown dataset "reuters-47": did you mean "reuters-46"?',
    ],
    ['no candidates', { budget: { candidates: 0 } }, "'budget.candidates' must be at least 1, found 0"],
  ])('with %s is refused in one sentence', (_, changes, sentence) => {
    expect(() => searchOf(changes)).toThrow(sentence);
  });

  test('that is refused is named', () => {
    expect(() => searchOf({ families: {} })).toThrow(/^test\.json: /);
  });
});

describe('the searches that come with the project', () => {
  const folder = new URL('../../../../experiments/searches/', import.meta.url);

  test.each(readdirSync(folder))('%s is valid, called like its file and leaves nothing implicit', (file) => {
    const json: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    const search = parseSearch(json, file);
    expect(`${search.name}.json`).toBe(file);
    expect(json).toEqual(search);
  });
});

describe("a search's hash", () => {
  const hash = (changes: object) => searchHash(searchOf(changes), 'c'.repeat(64));

  test('leaves out the name, the folder of the data and the budget', () => {
    const same = [
      { name: 'other' },
      { dataset: { ...overWords.dataset, directory: '/data' } },
      { budget: { candidates: 99, trials: 3 } },
    ];
    for (const changes of same) expect(hash(changes)).toBe(hash({}));
  });

  test('is another for another seed, family, optimizer or division', () => {
    const others = [
      { seed: 2 },
      { families: { linear } },
      { optimizer: { kind: 'sgd' } },
      { dataset: { ...overWords.dataset, splitSeed: 1 } },
    ];
    expect(new Set([{}, ...others].map(hash)).size).toBe(5);
  });
});
