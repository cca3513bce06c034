import {
  reservedWords,
  tokenize,
  vectorizeBag,
  vectorizeSequence,
  vocabularyOf,
} from '@winning-tickets/datasets';
import type { StoredInputs } from '@winning-tickets/export';
import type { ModelWords } from './classifier.js';

/** A document as one sample of a model. */
export interface VectorizedDocument {
  readonly inputs: StoredInputs;
  /** How many of its words the model knows, each as often as it comes. */
  readonly known: number;
}

/** Makes numbers of documents as it was done for those that a model was trained on. */
export function vectorizer({
  options,
  vocabulary,
  wordWeights,
}: ModelWords): (text: string) => VectorizedDocument {
  const words = options.kind === 'bag' ? vocabulary : vocabulary.slice(reservedWords.length);
  const known = vocabularyOf(words, wordWeights);
  return (text) => {
    const tokens = tokenize(text);
    return { inputs: inputsOf(tokens), known: tokens.filter((token) => known.numbers.has(token)).length };
  };

  function inputsOf(tokens: readonly string[]): StoredInputs {
    if (options.kind === 'sequence') {
      const { length } = options;
      return { layout: 'dense', shape: [1, length], data: vectorizeSequence(tokens, known, length) };
    }
    const { indices, values } = vectorizeBag(tokens, known, options.weights);
    const offsets = Int32Array.of(0, indices.length);
    return { layout: 'sparse', shape: [1, words.length], offsets, indices, values };
  }
}
