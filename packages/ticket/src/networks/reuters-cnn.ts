import type { NetworkSpec } from '../network.js';
import { wordWindows } from './text-cnn.js';

/**
 * A convolutional network over words, small: an embedding of 64, 32 filters each over windows of 2, 3 and 4 words, the
 * largest answer of each filter, 0.3 of which drop out in training. What the search on Reuters-46 chose among networks of
 * this form; meant for texts of 100 words.
 *
 * @param input `[length]`, the number of words that a text is cut or padded to; at least 4.
 */
export function reutersCnn(input: readonly number[], classes: number, vocabulary: number): NetworkSpec {
  return {
    name: 'reuters-cnn',
    input,
    layers: [
      { kind: 'embedding', vocabulary, size: 64 },
      wordWindows([2, 3, 4], 32),
      { kind: 'dropout', rate: 0.3 },
      { kind: 'dense', name: 'fc', units: classes },
    ],
  };
}
