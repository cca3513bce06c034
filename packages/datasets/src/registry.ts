import type { Dataset, DatasetDefinition, DatasetDescription, DatasetSource } from './dataset.js';
import { fashionMnist } from './fashion-mnist/fashion-mnist.js';
import { idxFolder } from './idx-folder/idx-folder.js';
import { mnist } from './mnist/mnist.js';
import { nearest } from './nearest.js';

/** Every dataset. A new one is a folder with its definition, and a place in this list. */
const definitions: readonly DatasetDefinition[] = [mnist, fashionMnist, idxFolder];

/** The ids that {@link loadDataset} takes. */
export function datasetNames(): string[] {
  return definitions.map(({ description }) => description.id);
}

function find(id: string): DatasetDefinition {
  const definition = definitions.find(({ description }) => description.id === id);
  if (definition !== undefined) return definition;
  const names = datasetNames();
  throw new Error(
    `unknown dataset "${id}": did you mean "${nearest(id, names) ?? ''}"? Known are ${names.join(', ')}.`,
  );
}

/** What is known of a dataset without reading it. @throws Error naming the nearest known id when `id` is unknown. */
export function describeDataset(id: string): DatasetDescription {
  return find(id).description;
}

/**
 * Reads a dataset into memory and checks it.
 *
 * @throws Error with one sentence when the id is unknown (it names the nearest known one), or when the files are missing,
 *   damaged or don't belong together.
 */
export async function loadDataset({ id, directory }: DatasetSource): Promise<Dataset> {
  return await find(id).load(directory);
}
