import type { NetworkSpec } from '../network.js';
import { denseLayers } from './shared.js';

/**
 * A network over bags of words: one hidden layer of 128 ReLU units. What the search on Reuters-46 chose among feed-forward
 * networks; meant for binary bags.
 *
 * @param input `[words]`, the size of the vocabulary.
 */
export function reutersFfnn(input: readonly number[], classes: number): NetworkSpec {
  return { name: 'reuters-ffnn', input, layers: denseLayers(128, classes) };
}
