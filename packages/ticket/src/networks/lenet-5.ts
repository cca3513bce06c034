import type { NetworkSpec } from '../network.js';
import { asImage, denseLayers } from './shared.js';

/**
 * LeNet-5: two convolutions with pooling and three dense layers, 61,470 weights on 28x28 inputs and 10 classes.
 *
 * LeCun et al. 1998, "Gradient-based learning applied to document recognition", section II.B, in its present-day form:
 * ReLU for the hyperbolic tangent, max pooling for trainable subsampling, every filter over all channels, a dense output
 * for radial basis functions; padding of 2 makes the paper's 32x32 of 28x28.
 */
export function lenet5(input: readonly number[], classes: number): NetworkSpec {
  return {
    name: 'lenet-5',
    input,
    layers: [
      ...asImage(input),
      { kind: 'conv2d', name: 'conv1', filters: 6, kernel: 5, padding: 2 },
      { kind: 'relu' },
      { kind: 'maxpool', kernel: 2 },
      { kind: 'conv2d', name: 'conv2', filters: 16, kernel: 5 },
      { kind: 'relu' },
      { kind: 'maxpool', kernel: 2 },
      { kind: 'flatten' },
      ...denseLayers(120, 84, classes),
    ],
  };
}
