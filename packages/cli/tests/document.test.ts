import { expect, test } from 'vitest';
import { vectorizer } from '../src/document.js';

const vocabulary = ['wheat', 'oil', 'the'];

test('a document becomes a bag of the words that a model knows', () => {
  const vectorized = vectorizer({ options: { kind: 'bag', words: 3, weights: 'count' }, vocabulary });
  expect(vectorized('The wheat, the WHEAT and the corn.')).toEqual({
    known: 5,
    inputs: {
      layout: 'sparse',
      shape: [1, 3],
      offsets: Int32Array.of(0, 2),
      indices: Int32Array.of(0, 2),
      values: Float32Array.of(2, 3),
    },
  });
});

test('with the weights of the words that it was trained on', () => {
  const options = { kind: 'bag', words: 3, weights: 'tf-idf' } as const;
  const wordWeights = Float64Array.of(3, 4, 1);
  const { inputs } = vectorizer({ options, vocabulary, wordWeights })('oil wheat');
  expect(inputs).toMatchObject({ values: Float32Array.of(0.6, 0.8) });
});

test('a document becomes a sequence, in which what is unknown has a number of its own', () => {
  const vectorized = vectorizer({
    options: { kind: 'sequence', words: 3, length: 5 },
    vocabulary: ['[padding]', '[unknown]', ...vocabulary],
  });
  expect(vectorized('The corn: oil')).toEqual({
    known: 2,
    inputs: { layout: 'dense', shape: [1, 5], data: Int32Array.of(4, 1, 3, 0, 0) },
  });
  // What the reserved numbers are called is no word of a text.
  expect(vectorized('[padding] unknown').known).toBe(0);
});

test('a document without a known word is an empty bag, or a sequence of unknown words', () => {
  const bag = vectorizer({ options: { kind: 'bag', words: 3, weights: 'binary' }, vocabulary })('corn …');
  expect(bag).toMatchObject({ known: 0, inputs: { offsets: Int32Array.of(0, 0) } });
  const options = { kind: 'sequence', words: 3, length: 2 } as const;
  const sequence = vectorizer({ options, vocabulary: ['[padding]', '[unknown]', ...vocabulary] });
  expect(sequence('')).toMatchObject({ known: 0, inputs: { data: Int32Array.of(0, 0) } });
});
