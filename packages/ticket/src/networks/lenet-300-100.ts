import type { NetworkSpec } from '../network.js';

/**
 * LeNet-300-100: two hidden layers of 300 and 100 ReLU units, 266,200 weights on 28x28 inputs and 10 classes.
 *
 * LeCun et al. 1998, "Gradient-based learning applied to document recognition", as used by Frankle & Carbin 2019,
 * "The Lottery Ticket Hypothesis", figure 2.
 */
export function lenet300100(input: readonly number[], classes: number): NetworkSpec {
  return {
    name: 'lenet-300-100',
    input,
    layers: [
      { kind: 'flatten' },
      { kind: 'dense', name: 'fc1', units: 300 },
      { kind: 'relu' },
      { kind: 'dense', name: 'fc2', units: 100 },
      { kind: 'relu' },
      { kind: 'dense', name: 'fc3', units: classes },
    ],
  };
}
