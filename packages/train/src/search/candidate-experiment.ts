import type { Dataset } from '@winning-tickets/datasets';
import type { Experiment } from '../experiment.js';
import { parseExperiment } from '../experiment.js';
import { designName } from './design-name.js';
import type { Design } from './families/family.js';
import type { Search } from './search.js';

/**
 * The experiment that trains a design: no level is pruned and there are no controls, so it has one stage per trial.
 * Extended by levels it is where a search for tickets begins.
 *
 * @param dataset the search's data, read as the design reads them
 * @throws Error with one sentence when the layers do not fit each other or the data.
 */
export function candidateExperiment(
  search: Search,
  design: Design,
  dataset: Pick<Dataset, 'inputShape' | 'classNames' | 'vocabulary'>,
  source: string,
): Experiment {
  const { inputShape, classNames, vocabulary } = dataset;
  const facts = { inputShape, classes: classNames.length, vocabulary: vocabulary?.length };
  const name = designName(design);
  const { text, rate, iterations, evaluateEvery } = design;
  return parseExperiment(
    {
      name,
      dataset: { ...search.dataset, ...(text ? { text } : {}) },
      network: { name, input: inputShape, layers: design.layers(facts) },
      optimizer: { ...search.optimizer, rate },
      threads: search.threads,
      batchSize: search.batchSize,
      ...{ iterations, evaluateEvery },
      pruning: { rate: 0.2, levels: 0 },
      trials: search.budget.trials,
      seed: search.seed,
    },
    `${source}, candidate ${name}`,
  );
}
