import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vectorizeBag, vocabularyOf } from '../../src/index.js';
import { stackRows } from '../../src/text/bag.js';

const words = ['the', 'of', 'oil', 'cocoa', 'wheat'];
const vocabulary = vocabularyOf(words, Float64Array.of(1, 1.5, 2, 3, 4));
const tokens = fc.array(fc.constantFrom(...words, 'unknown'), { maxLength: 30 });

describe('a bag of words', () => {
  const text = ['oil', 'the', 'oil', 'unknown', 'of', 'oil'];

  it('has 1 for each known word, by rising number', () => {
    expect(vectorizeBag(text, vocabulary, 'binary')).toEqual({
      indices: Int32Array.of(0, 1, 2),
      values: Float32Array.of(1, 1, 1),
    });
  });

  it('has how often each is there', () => {
    expect(vectorizeBag(text, vocabulary, 'count').values).toEqual(Float32Array.of(1, 1, 3));
  });

  it('has the count times the inverse document frequency, in a row of length 1', () => {
    const length = Math.hypot(1, 1.5, 6);
    expect(vectorizeBag(text, vocabulary, 'tf-idf').values).toEqual(
      Float32Array.of(1 / length, 1.5 / length, 6 / length),
    );
  });

  it.each(['binary', 'count', 'tf-idf'] as const)('is empty without a known word: %s', (weights) => {
    for (const none of [[], ['unknown']]) {
      expect(vectorizeBag(none, vocabulary, weights)).toEqual({
        indices: new Int32Array(),
        values: new Float32Array(),
      });
    }
  });

  it('does not depend on the order of the words, and holds no zero', () => {
    fc.assert(
      fc.property(tokens, fc.constantFrom('binary', 'count', 'tf-idf'), (one, weights) => {
        const row = vectorizeBag(one, vocabulary, weights);
        expect(vectorizeBag(one.toReversed(), vocabulary, weights)).toEqual(row);
        expect(row.indices).toEqual(row.indices.toSorted());
        expect(new Set(row.indices).size).toBe(row.indices.length);
        expect(row.values.every((value) => value > 0)).toBe(true);
        const squares = row.values.reduce((sum, value) => sum + value * value, 0);
        if (weights === 'tf-idf' && row.values.length > 0) expect(squares).toBeCloseTo(1, 5);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('rows one below the other', () => {
  it('are found again between their offsets', () => {
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 10 }), (texts) => {
        const rows = texts.map((one) => vectorizeBag(one, vocabulary, 'count'));
        const { shape, offsets, indices, values } = stackRows(rows, words.length);
        expect(shape).toEqual([texts.length, words.length]);
        expect(offsets).toHaveLength(texts.length + 1);
        expect(offsets[0]).toBe(0);
        expect(offsets.at(-1)).toBe(indices.length);
        rows.forEach((row, index) => {
          expect(indices.subarray(offsets[index], offsets[index + 1])).toEqual(row.indices);
          expect(values.subarray(offsets[index], offsets[index + 1])).toEqual(row.values);
        });
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
