import { beforeAll, describe, expect, it } from 'vitest';
import type { TextCollection } from '../../src/dataset.js';
import { loadDataset, tokenize, type Dataset } from '../../src/index.js';
import { reuters46 } from '../../src/reuters/reuters-46.js';
import { divideTexts } from '../../src/text/divide-texts.js';
import { messageOf } from '../support/sentence.js';
import { countOfEach, sizesOf, sparseOf } from '../support/text.js';

const text = { kind: 'bag', words: 10_000, weights: 'tf-idf' } as const;
let collection: TextCollection;
beforeAll(async () => {
  collection = await reuters46.readTexts(undefined);
});

describe('Reuters-46', () => {
  it('has the 46 classes and 11,228 documents of the newswire task that comes with Keras', () => {
    const counts = new Map<string, number>();
    for (const { classes } of collection.train) {
      const name = collection.classNames[classes[0] ?? 0] ?? '';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect(collection.train).toHaveLength(11_228);
    expect(collection.classNames).toHaveLength(46);
    expect(collection.classNames).toEqual(collection.classNames.toSorted());
    expect(counts.get('earn')).toBe(3_972);
    expect(counts.get('acq')).toBe(2_423);
    expect(Math.min(...counts.values())).toBe(16);
  });

  it('has 61 documents without text, and no other without a word', () => {
    expect(collection.train.filter((document) => document.text.trim() === '')).toHaveLength(61);
    expect(collection.train.filter((document) => tokenize(document.text).length === 0)).toHaveLength(61);
  });

  it('has a checksum that never changes, since recorded results rest on it', () => {
    expect(collection.checksum).toBe('7ed4005e17f10c1ee46b8e4651ebfcbf3e5c2dd30a9da7048e1c69b469237fc0');
  });
});

describe('Reuters-46 as bags of words', () => {
  let dataset: Dataset;
  beforeAll(async () => {
    dataset = await loadDataset({ id: 'reuters-46', validation: 898, splitSeed: 0, text });
  });

  it('divides into 8,084, 898 and 2,246 documents', () => {
    const { train, validation, test } = dataset;
    expect([train, validation, test].map(({ labels }) => labels.shape)).toEqual([[8_084], [898], [2_246]]);
    expect(sizesOf(dataset)).toEqual([8_982, 2_246]);
    expect(dataset.asPublished).toBe(true);
  });

  it('has every class on every side, in the same proportion', () => {
    const [train = [], validation = [], test = []] = [dataset.train, dataset.validation, dataset.test].map(
      (side) => countOfEach(side, 46),
    );
    train.forEach((count, label) => {
      const all = count + (validation[label] ?? 0) + (test[label] ?? 0);
      for (const [side, share] of [
        [validation, 898 / 11_228],
        [test, 2_246 / 11_228],
      ] as const) {
        expect(side[label]).toBeGreaterThanOrEqual(1);
        expect(Math.abs((side[label] ?? 0) - all * share)).toBeLessThan(5);
      }
    });
  });

  it('holds rows of length 1 with the values that are there alone, never a whole matrix', () => {
    for (const side of [dataset.train, dataset.validation, dataset.test]) {
      const { shape, offsets, values } = sparseOf(side);
      expect(shape).toEqual([side.labels.shape[0], 10_000]);
      expect(values.length).toBeLessThan(80 * shape[0]);
      let empty = 0;
      for (let row = 0; row < shape[0]; row++) {
        const squares = values
          .subarray(offsets[row], offsets[row + 1])
          .reduce((sum, value) => sum + value * value, 0);
        if (squares === 0) empty++;
        else expect(Math.abs(squares - 1)).toBeLessThan(1e-5);
      }
      // The documents without text are empty bags, on every side.
      expect(empty).toBeGreaterThan(0);
    }
  });

  it('has a vocabulary of words, the most frequent first', () => {
    const { vocabulary = [] } = dataset;
    expect(vocabulary).toHaveLength(10_000);
    expect(vocabulary.slice(0, 10)).toEqual(['0', 'the', 'of', 'to', 'in', 'and', 'said', 'a', 'mln', 's']);
    for (const word of ['dividend', 'wheat', 'opec', 'qtr', 'takeover', 'bundesbank', '4th']) {
      expect(vocabulary).toContain(word);
    }
    expect(dataset.wordWeights).toHaveLength(10_000);
  });

  it('is the same every time', async () => {
    const { train, test, vocabulary } = await loadDataset({
      id: 'reuters-46',
      validation: 898,
      splitSeed: 0,
      text,
    });
    expect(vocabulary).toEqual(dataset.vocabulary);
    expect(sameBytes(sparseOf(train).values, sparseOf(dataset.train).values)).toBe(true);
    expect(sameBytes(sparseOf(test).indices, sparseOf(dataset.test).indices)).toBe(true);
  });
});

describe('Reuters-46 divided with any seed', () => {
  // Sequences show whether two documents read the same, those of more words aside.
  it.each([1, 2, -77, 2 ** 31 - 1])('has no text on two sides: %s', (seed) => {
    const { train, validation, test } = divideTexts(collection, {
      validation: 1_000,
      seed,
      text: { kind: 'sequence', words: 1_000_000, length: 300 },
    });
    const known = [train, validation, test].map(textsOf);
    const together = new Set(known.flatMap((texts) => [...texts]));
    expect(together.size).toBe(known.reduce((sum, texts) => sum + texts.size, 0));
  });
});

describe('Reuters-46 from a folder', () => {
  it('names the file that is missing', async () => {
    const message = await messageOf(() =>
      loadDataset({ id: 'reuters-46', directory: import.meta.dirname, validation: 1, splitSeed: 0, text }),
    );
    expect(message).toContain('reuters-000.json: cannot be opened (ENOENT)');
  });
});

/** The different texts of a side, without the empty one, those that were cut and those with unknown words. */
function textsOf({ inputs }: Dataset['train']): Set<string> {
  if (inputs.layout !== 'dense') throw new Error('expected sequences');
  const [count = 0, length = 0] = inputs.shape;
  const texts = Array.from({ length: count }, (_, row) =>
    inputs.data.subarray(row * length, (row + 1) * length),
  );
  return new Set(
    texts.filter((one) => one[0] !== 0 && one.at(-1) === 0 && !one.includes(1)).map((one) => one.join(' ')),
  );
}

function sameBytes(one: Float32Array | Int32Array, other: Float32Array | Int32Array): boolean {
  return Buffer.compare(Buffer.from(one.buffer), Buffer.from(other.buffer)) === 0;
}
