import type { NetworkSpec } from '../network.js';

/**
 * A network over bags of words: one hidden layer of 256 ReLU units, 0.3 of which drop out in training. What the search on
 * Reuters-46 chose among feed-forward networks; meant for tf-idf bags.
 *
 * @param input `[words]`, the size of the vocabulary.
 */
export function reutersFfnn(input: readonly number[], classes: number): NetworkSpec {
  return {
    name: 'reuters-ffnn',
    input,
    layers: [
      { kind: 'dense', name: 'fc1', units: 256 },
      { kind: 'relu' },
      { kind: 'dropout', rate: 0.3 },
      { kind: 'dense', name: 'fc2', units: classes },
    ],
  };
}
