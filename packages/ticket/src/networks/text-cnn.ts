import type { LayerSpec } from '../layers/layer-spec.js';
import type { NetworkSpec } from '../network.js';

/**
 * A convolutional network over words: an embedding of 128, 100 filters each over windows of 3, 4 and 5 words, the largest
 * answer of each filter, half of which drop out in training, and a dense output.
 *
 * Kim 2014, "Convolutional Neural Networks for Sentence Classification", the variant with random initial vectors.
 *
 * @param input `[length]`, the number of words that a text is cut or padded to; at least 5.
 */
export function textCnn(input: readonly number[], classes: number, vocabulary: number): NetworkSpec {
  return {
    name: 'text-cnn',
    input,
    layers: [
      { kind: 'embedding', vocabulary, size: 128 },
      wordWindows([3, 4, 5], 100),
      { kind: 'dropout', rate: 0.5 },
      { kind: 'dense', name: 'fc', units: classes },
    ],
  };
}

/** Filters over windows of several widths, side by side, each with its largest answer. */
export function wordWindows(widths: readonly number[], filters: number): LayerSpec {
  const branches = widths.map((words): LayerSpec[] => [
    { kind: 'conv1d', name: `words${words}`, filters, kernel: words },
    { kind: 'relu' },
    { kind: 'globalmaxpool' },
  ]);
  return { kind: 'parallel', name: 'windows', branches };
}
