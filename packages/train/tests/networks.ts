import { type Network, namedNetwork, resolveNetwork } from '@winning-tickets/ticket';
import type { PruningSpec } from '../src/experiment.js';

/** LeNet-300-100 on MNIST: 266,200 weights. */
export const lenet: Network = resolveNetwork(namedNetwork('lenet-300-100', [28, 28], 10));

/** Three dense layers, 4-6-5-3: small enough for property tests. */
export const small: Network = resolveNetwork({
  name: 'small',
  input: [4],
  layers: [
    { kind: 'dense', units: 6 },
    { kind: 'relu' },
    { kind: 'dense', units: 5 },
    { kind: 'relu' },
    { kind: 'dense', units: 3 },
  ],
});

/** Three dense layers, 60-50-40-10: 5,400 weights, enough for statistics. */
export const medium: Network = resolveNetwork({
  name: 'medium',
  input: [60],
  layers: [
    { kind: 'dense', units: 50 },
    { kind: 'relu' },
    { kind: 'dense', units: 40 },
    { kind: 'relu' },
    { kind: 'dense', units: 10 },
  ],
});

/** The paper's pruning of LeNet-300-100, with some keys replaced. */
export function pruningOf(changes: Partial<PruningSpec> = {}): PruningSpec {
  return {
    criterion: 'magnitude',
    scope: 'layer',
    rate: 0.2,
    layerRates: { fc3: 0.1 },
    kindRates: {},
    levels: 20,
    ...changes,
  };
}
