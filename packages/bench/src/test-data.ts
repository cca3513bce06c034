import type { Dataset } from '@winning-tickets/datasets';
import { loadDataset } from '@winning-tickets/datasets';
import type { TestSamples } from './inputs.js';
import { misfit } from './inputs.js';
import type { ModelData, ModelFile } from './model-file.js';
import { modelData } from './model-file.js';
import { firstLine } from './session.js';

/** The test samples a model is for, or in one sentence why there are none. */
export type FoundTestSamples = TestSamples | string;

/**
 * Finds for each model the data set that its metadata names, divided as that says; each is loaded once.
 *
 * A data set that is missing, or is not the one the model was trained on (checksum), is a reason, not an error: the
 * model can still be timed. So is one with other words than those of the model.
 */
export async function findTestSamples(
  models: readonly ModelFile[],
  directory: string | undefined,
): Promise<FoundTestSamples[]> {
  const loaded = new Map<string, Promise<Dataset | string>>();
  const load = ({ dataset: id, split, text }: ModelData): Promise<Dataset | string> => {
    const key = JSON.stringify([id, split, text]);
    const known = loaded.get(key) ?? loadDataset({ id, directory, text, ...split }).catch(firstLine);
    loaded.set(key, known);
    return known;
  };
  return await Promise.all(
    models.map(async ({ input, metadata }): Promise<FoundTestSamples> => {
      const data = modelData(metadata);
      if (typeof data === 'string') return data;
      const dataset = await load(data);
      if (typeof dataset === 'string') return dataset;
      const samples = { dataset, data };
      return misfit(input, samples) ?? samples;
    }),
  );
}
