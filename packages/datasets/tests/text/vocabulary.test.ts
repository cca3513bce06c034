import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildVocabulary, vocabularyOf } from '../../src/text/vocabulary.js';

const word = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'z', 'é');
const documents = fc.array(fc.array(word, { maxLength: 12 }), { maxLength: 8 });

describe('the vocabulary of documents', () => {
  it('has the most frequent words, equally frequent ones in the order of their code units', () => {
    const { words } = buildVocabulary([['b', 'a', 'z', 'é'], ['b', 'a'], [], ['c', 'b']], 4);
    expect(words).toEqual(['b', 'a', 'c', 'z']);
  });

  it('numbers its words from 0, each once, by falling frequency', () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 1, max: 9 }), (texts, size) => {
        const { words, numbers } = buildVocabulary(texts, size);
        const all = texts.flat();
        const count = (wanted: string): number => all.filter((one) => one === wanted).length;
        expect(words).toHaveLength(Math.min(size, new Set(all).size));
        expect([...numbers]).toEqual(words.map((one, number) => [one, number]));
        expect(words).toEqual(words.toSorted((a, b) => count(b) - count(a) || (a < b ? -1 : a > b ? 1 : 0)));
        const rarest = Math.min(...words.map(count));
        for (const one of new Set(all)) {
          if (!numbers.has(one)) expect(count(one)).toBeLessThanOrEqual(rarest);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('does not depend on the order of the documents', () => {
    fc.assert(
      fc.property(documents, (texts) => {
        expect(buildVocabulary(texts.toReversed(), 5)).toEqual(buildVocabulary(texts, 5));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('weighs a word by the documents that have it, however often: ln((1 + n) / (1 + d)) + 1', () => {
    const { words, inverseDocumentFrequencies: weights } = buildVocabulary(
      [['a', 'a', 'a', 'b'], ['b'], ['b']],
      9,
    );
    expect(words).toEqual(['a', 'b']);
    expect(weights[0]).toBeCloseTo(Math.log(4 / 2) + 1, 12);
    expect(weights[1]).toBeCloseTo(1, 12);
  });

  it('can be made again from its words and weights', () => {
    const built = buildVocabulary([['a', 'b'], ['b']], 9);
    expect(vocabularyOf(built.words, built.inverseDocumentFrequencies)).toEqual(built);
    expect(vocabularyOf(['x']).inverseDocumentFrequencies).toEqual(Float64Array.of(1));
  });
});
