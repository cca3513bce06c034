import type { LayerSpec } from '../layers/layer-spec.js';
import type { NetworkSpec } from '../network.js';
import { asImage, denseLayers } from './shared.js';

/**
 * Conv-2, Conv-4 and Conv-6: small relatives of VGG with that many 3x3 convolutions, in pairs of 64, 128 and 256
 * filters with pooling behind each, and dense layers of 256, 256 and one unit per class.
 *
 * Frankle & Carbin 2019, "The Lottery Ticket Hypothesis", figure 2. The first dense layer is as wide as the data set's
 * images ask for.
 */
export function convN(pairs: 1 | 2 | 3) {
  return (input: readonly number[], classes: number): NetworkSpec => ({
    name: `conv-${2 * pairs}`,
    input,
    layers: [
      ...asImage(input),
      ...[64, 128, 256].slice(0, pairs).flatMap(pairOf),
      { kind: 'flatten' },
      ...denseLayers(256, 256, classes),
    ],
  });
}

function pairOf(filters: number, pair: number): LayerSpec[] {
  const convolution = (number: number): LayerSpec[] => [
    { kind: 'conv2d', name: `conv${2 * pair + number}`, filters, kernel: 3, padding: 'same' },
    { kind: 'relu' },
  ];
  return [...convolution(1), ...convolution(2), { kind: 'maxpool', kernel: 2 }];
}
