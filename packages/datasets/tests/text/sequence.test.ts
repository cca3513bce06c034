import { describe, expect, it } from 'vitest';
import { reservedWords, tokenize, vectorizeSequence, vocabularyOf } from '../../src/index.js';

describe('a sequence of words', () => {
  const vocabulary = vocabularyOf(['the', 'oil']);

  it('has the number of each word, two more than in the vocabulary, in the order of the text', () => {
    expect(vectorizeSequence(['oil', 'the', 'oil'], vocabulary, 3)).toEqual(Int32Array.of(3, 2, 3));
  });

  it('has 1 for a word that is not known', () => {
    expect(vectorizeSequence(['the', 'cocoa', 'oil'], vocabulary, 3)).toEqual(Int32Array.of(2, 1, 3));
  });

  it('is cut behind its length and padded with 0 behind its end', () => {
    expect(vectorizeSequence(['oil', 'the', 'oil'], vocabulary, 2)).toEqual(Int32Array.of(3, 2));
    expect(vectorizeSequence(['oil'], vocabulary, 3)).toEqual(Int32Array.of(3, 0, 0));
    expect(vectorizeSequence([], vocabulary, 2)).toEqual(Int32Array.of(0, 0));
  });

  it('stands for padding and unknown words by names that no text has', () => {
    for (const name of reservedWords) expect(tokenize(name)).not.toContain(name);
  });
});
