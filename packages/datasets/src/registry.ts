import type { Dataset, DatasetDefinition, DatasetDescription, DatasetSource } from './dataset.js';
import { divideImages } from './divide-images.js';
import { fashionMnist } from './fashion-mnist/fashion-mnist.js';
import { idxFolder } from './idx-folder/idx-folder.js';
import { mnist } from './mnist/mnist.js';
import { nearest } from './nearest.js';
import { r52ById, r8ById } from './reuters/by-id.js';
import { modapte90, r52, r8 } from './reuters/modapte.js';
import { reuters46 } from './reuters/reuters-46.js';
import { divideTexts } from './text/divide-texts.js';

/** Every dataset. A new one is a folder with its definition, and a place in this list. */
const definitions: readonly DatasetDefinition[] = [
  mnist,
  fashionMnist,
  idxFolder,
  reuters46,
  r8ById,
  r52ById,
  r8,
  r52,
  modapte90,
];

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
 * Reads a dataset into memory, checks it and divides it into training, validation and test samples; of text, the
 * vocabulary then comes from the training samples alone.
 *
 * @throws Error with one sentence when the id is unknown (it names the nearest known one), when the files are missing,
 *   damaged or don't belong together, when `validation` or `splitSeed` is out of range, and when `text` is missing for
 *   text, given for images, or out of range.
 */
export async function loadDataset(source: DatasetSource): Promise<Dataset> {
  const { id, directory, validation, splitSeed: seed, text } = source;
  const definition = find(id);
  if ('readImages' in definition) {
    if (text !== undefined) {
      throw new Error(`dataset ${id}: expected no options for text, since it holds images; remove "text".`);
    }
    return divideImages(await definition.readImages(directory), { validation, seed });
  }
  if (text === undefined) {
    throw new Error(
      `dataset ${id}: expected options that say how its text becomes numbers, found none; give "text", for example { "kind": "bag", "words": 10000, "weights": "binary" }.`,
    );
  }
  return divideTexts(await definition.readTexts(directory), { validation, seed, text });
}
