import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import { namedNetwork, resolveNetwork } from '@winning-tickets/ticket';
import type { PruningSpec } from '../src/experiment.js';
import type { Scoring } from '../src/pruning/initial-scores.js';
import { stream } from '../src/rng.js';

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

/** Sixty samples that a network may be scored on: random bytes, random classes. */
export function scoringOf(network: Network, seed: number): Scoring {
  const random = stream(seed, 'scoring samples of tests');
  const [classes = 0] = network.outputShape;
  const shape = [60, ...network.inputShape];
  const inputs = Uint8Array.from({ length: sizeOf(shape) }, () => random.integer(256));
  const labels = Int32Array.from({ length: 60 }, () => random.integer(classes));
  return {
    train: { inputs: tensor('uint8', shape, inputs), labels: tensor('int32', [60], labels) },
    inputScale: 1 / 255,
    threads: 1,
  };
}
