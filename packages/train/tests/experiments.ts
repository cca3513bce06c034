import { type Experiment, type ExperimentFile, resolveExperiment } from '../src/experiment.js';

/** An experiment that leaves out what it may. */
export const briefest: ExperimentFile = {
  name: 'briefest',
  dataset: { id: 'mnist' },
  network: 'lenet-300-100',
  optimizer: { kind: 'adam', rate: 0.0012 },
  batchSize: 60,
  iterations: 3000,
  evaluateEvery: 100,
  pruning: { rate: 0.2, layerRates: { fc3: 0.1 }, levels: 15 },
  trials: 2,
  seed: 1,
};

/** The same with some keys replaced, resolved. */
export function experimentOf(changes: Partial<ExperimentFile> = {}): Experiment {
  return resolveExperiment({ ...briefest, ...changes });
}
