import type { Dataset } from '@winning-tickets/datasets';
import type { TrainingProgram } from '../engine.js';
import { engineNamed } from '../engines/registry.js';
import { type Experiment, networkOf } from '../experiment.js';

/** What trains an experiment's networks on its data, in the experiment's engine. The caller disposes of it. */
export async function compileTraining(experiment: Experiment, dataset: Dataset): Promise<TrainingProgram> {
  const { engine, optimizer, batchSize, threads, device, compact } = experiment;
  const { inputScale, train, validation, test } = dataset;
  return await engineNamed(engine).compile({
    ...{ network: networkOf(experiment, dataset), optimizer, batchSize, threads, device, compact },
    ...{ inputScale, train, validation, test },
  });
}
