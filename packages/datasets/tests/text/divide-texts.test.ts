import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledText, TextCollection } from '../../src/dataset.js';
import { divideTexts } from '../../src/text/divide-texts.js';
import { messageOf } from '../support/sentence.js';
import { sparseOf } from '../support/text.js';

const bag = { kind: 'bag', words: 1000, weights: 'count' } as const;
const sequence = { kind: 'sequence', words: 1000, length: 4 } as const;

function collection(changes: Partial<TextCollection> = {}): TextCollection {
  return {
    id: 'news',
    checksum: '',
    classNames: ['a', 'b'],
    labels: 'class',
    train: [],
    test: 1,
    ...changes,
  };
}

/** Document i has a word of its own, so that it is known wherever its text goes. */
function traceable(count: number): LabelledText[] {
  return Array.from({ length: count }, (_, i) => ({ text: `the own${i}x`, classes: [i % 2] }));
}

describe('documents as a dataset', () => {
  it('have a vocabulary from the training side alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const { vocabulary, train, validation, test } = divideTexts(
          collection({ train: traceable(20), test: 5 }),
          { validation: 4, seed, text: bag },
        );
        // `the`, and the own word of each of the 11 training documents.
        expect(vocabulary).toHaveLength(12);
        expect(sparseOf(train).values).toHaveLength(22);
        expect(sparseOf(validation).indices).toEqual(Int32Array.of(0, 0, 0, 0));
        expect(sparseOf(test).indices).toEqual(Int32Array.of(0, 0, 0, 0, 0));
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  it('have the same vocabulary whatever the texts of the other sides are', () => {
    const documents = traceable(20);
    const given = { validation: 4, seed: 7, text: { ...bag, weights: 'tf-idf' } } as const;
    const before = divideTexts(collection({ train: documents, test: traceable(3) }), given);
    const trained = new Set(before.vocabulary);
    const changed = documents.map((one, i) =>
      trained.has(`own${i}x`) ? one : { ...one, text: `new${i} words` },
    );
    const after = divideTexts(
      collection({ train: changed, test: [{ text: 'others', classes: [1] }] }),
      given,
    );
    expect(after.vocabulary).toEqual(before.vocabulary);
    expect(after.wordWeights).toEqual(before.wordWeights);
    expect(after.train).toEqual(before.train);
    expect(after.validation).not.toEqual(before.validation);
  });

  it('of the same words stay on one side', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const train = traceable(30).flatMap((one, i) =>
          i < 10 ? [one, { ...one, text: one.text.toUpperCase(), classes: [(i + 1) % 2] }] : [one],
        );
        const sides = divideTexts(collection({ train, test: 8 }), { validation: 8, seed, text: bag });
        const seen = sparseOf(sides.validation).values.length + sparseOf(sides.test).values.length;
        // A twin on the training side would add its own word to the one that all have.
        expect(seen).toBe(16);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('keep the order of the collection, and the labels of their texts', () => {
    const { vocabulary = [], train } = divideTexts(collection({ train: traceable(20), test: 5 }), {
      validation: 4,
      seed: 1,
      text: bag,
    });
    const { indices, offsets } = sparseOf(train);
    const numbers = Array.from(offsets.subarray(1), (end) => {
      const own = vocabulary[indices[end - 1] ?? 0] ?? '';
      return Number(/\d+/.exec(own)?.[0]);
    });
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect([...train.labels.data]).toEqual(numbers.map((number) => number % 2));
  });

  it('are bags of as many columns as words, or sequences with numbers for padding and unknown words', () => {
    const of = (text: typeof bag | typeof sequence) =>
      divideTexts(collection({ train: traceable(20), test: 5 }), { validation: 4, seed: 1, text });
    expect(of(bag)).toMatchObject({ inputShape: [12], inputScale: 1 });
    expect(of({ ...bag, words: 3 })).toMatchObject({ inputShape: [3] });
    const { inputShape, vocabulary, train, test } = of(sequence);
    expect(inputShape).toEqual([4]);
    expect(vocabulary?.slice(0, 3)).toEqual(['[padding]', '[unknown]', 'the']);
    expect(vocabulary).toHaveLength(14);
    expect(train.inputs).toMatchObject({ layout: 'dense', dtype: 'int32', shape: [11, 4] });
    if (test.inputs.layout !== 'dense') throw new Error('expected dense inputs');
    expect([...test.inputs.data.subarray(0, 4)]).toEqual([2, 1, 0, 0]);
  });

  it('weigh words only where that is asked for', () => {
    const of = (weights: 'binary' | 'tf-idf') =>
      divideTexts(collection({ train: traceable(9), test: 2 }), {
        validation: 2,
        seed: 1,
        text: { ...bag, weights },
      });
    expect(of('binary')).not.toHaveProperty('wordWeights');
    expect(of('tf-idf').wordWeights).toHaveLength(6);
  });

  it('may have several classes each', () => {
    const train = [[0], [1], [0, 1], [0, 1], [0], [1]].map((classes, i) => ({ text: `own${i}x`, classes }));
    const test = [
      { text: 'x', classes: [0, 1] },
      { text: 'y', classes: [1] },
    ];
    const dataset = divideTexts(collection({ labels: 'set', train, test }), {
      validation: 2,
      seed: 1,
      text: bag,
    });
    expect(dataset.test.labels).toEqual({ dtype: 'uint8', shape: [2, 2], data: Uint8Array.of(1, 1, 0, 1) });
    expect(dataset.train.labels).toMatchObject({ dtype: 'uint8', shape: [4, 2] });
  });

  it('say whether they are as many as published, where something is', () => {
    const of = (published?: { train: number; test: number }) =>
      divideTexts(collection({ train: traceable(9), test: 2, ...(published && { published }) }), {
        validation: 2,
        seed: 1,
        text: bag,
      });
    expect(of()).not.toHaveProperty('asPublished');
    expect(of({ train: 7, test: 2 }).asPublished).toBe(true);
    expect(of({ train: 8, test: 2 }).asPublished).toBe(false);
  });
});

describe('documents that cannot be divided so', () => {
  const refusal = (train: readonly LabelledText[], validation: number, test = 1) =>
    messageOf(() => divideTexts(collection({ train, test }), { validation, seed: 0, text: bag }));

  it.each([0, 9, 2.5])('are refused: %s of 9 for validation', async (validation) => {
    expect(await refusal(traceable(10), validation)).toBe(
      `validation split: expected a whole number from 1 to 8 (one less than the 9 training samples), found ${validation}; change "validation".`,
    );
  });

  it('are refused when all read the same', async () => {
    const same = traceable(10).map((one) => ({ ...one, text: 'The same.' }));
    expect(await refusal(same, 2)).toContain('read too much the same to set 2 apart');
  });

  it('are refused without a word', async () => {
    const empty = traceable(10).map((one) => ({ ...one, text: '...' }));
    expect(await refusal(empty, 2)).toBe(
      'dataset news: none of the 7 training documents has a word; use more documents.',
    );
  });
});
