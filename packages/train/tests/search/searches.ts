import type { Search } from '../../src/search/search.js';
import { parseSearch } from '../../src/search/search.js';

/** A search over words, as a file may have it. */
export const overWords = {
  name: 'words',
  dataset: { id: 'reuters-46', validation: 1000 },
  optimizer: { kind: 'adam' },
  batchSize: 60,
  iterations: 900,
  evaluateEvery: 50,
  seed: 1,
  families: {
    linear: { words: [1000, 2000], weights: ['binary'], rate: [0.01] },
    ffnn: {
      hidden: [64, 128],
      depth: [1, 2],
      dropout: [0, 0.5],
      words: [1000],
      weights: ['tf-idf'],
      rate: [0.001],
    },
    cnn: {
      ...{
        embedding: [8],
        filters: [4, 8],
        windows: [[3, 4], [2]],
        dropout: [0.5],
        length: [20],
        words: [500],
      },
      ...{ rate: [0.001, 0.0005], iterations: 1200, evaluateEvery: 100 },
    },
  },
  budget: { candidates: 12 },
};

/** A search over images. */
export const overImages = {
  ...overWords,
  name: 'images',
  dataset: { id: 'mnist', validation: 5000 },
  iterations: 20,
  evaluateEvery: 10,
  families: {
    linear: { rate: [0.01] },
    ffnn: { hidden: [8, 16], depth: [1, 2], dropout: [0, 0.2], rate: [0.001] },
  },
  budget: { candidates: 3 },
};

export function searchOf(changes: object = {}, base: object = overWords): Search {
  return parseSearch({ ...base, ...changes }, 'test.json');
}
