import type { Dataset } from '@winning-tickets/datasets';
import { loadDataset } from '@winning-tickets/datasets';
import type { TestSamples } from './inputs.js';
import { misfit } from './inputs.js';
import type { ModelFile } from './model-file.js';
import { modelData } from './model-file.js';
import { firstLine } from './session.js';

/** The test samples a model is for, or in one sentence why there are none. */
export type FoundTestSamples = TestSamples | string;

/**
 * Finds for each model the data set that its metadata names; each data set is loaded once.
 *
 * A data set that is missing, or is not the one the model was trained on (checksum), is a reason, not an error: the
 * model can still be timed.
 */
export async function findTestSamples(
  models: readonly ModelFile[],
  directory: string | undefined,
): Promise<FoundTestSamples[]> {
  const loaded = new Map<string, Promise<Dataset | string>>();
  const load = (id: string): Promise<Dataset | string> => {
    const known = loaded.get(id) ?? loadDataset({ id, directory }).catch(firstLine);
    loaded.set(id, known);
    return known;
  };
  return await Promise.all(
    models.map(async ({ input, metadata }): Promise<FoundTestSamples> => {
      const data = modelData(metadata);
      if (typeof data === 'string') return data;
      const dataset = await load(data.dataset);
      if (typeof dataset === 'string') return dataset;
      const samples = { dataset, data };
      return misfit(input, samples) ?? samples;
    }),
  );
}
