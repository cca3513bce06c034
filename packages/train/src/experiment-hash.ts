import { createHash } from 'node:crypto';
import { canonicalJson } from '@winning-tickets/ticket';
import type { Experiment } from './experiment.js';

/**
 * Keys that were added to the experiment after its first release, with the value that gives the behaviour from before.
 * A key with this value is left out of the hash, so that runs from before keep their hash and are found again. Add to
 * this list with every new key; never change or remove an entry, not even when the default in the schema changes.
 */
const addedLater: readonly { readonly path: readonly string[]; readonly value: unknown }[] = [];

/**
 * Twelve hex digits that stand for everything that determines the result of a stage: SHA-256 of the canonical JSON of
 * the experiment and the data set's checksum.
 *
 * Left out is what says where the run lies or the data are (`name`, `dataset.directory`), and what says which stages
 * there are but changes none of them (`trials`, `pruning.levels`, `branches`): an experiment that is extended goes on
 * in its old folder.
 *
 * @param datasetChecksum SHA-256 of the data set's files, hex
 */
export function experimentHash(experiment: Experiment, datasetChecksum: string): string {
  return createHash('sha256')
    .update(
      canonicalJson({ dataset: datasetChecksum, experiment: withoutLaterDefaults(determining(experiment)) }),
    )
    .digest('hex')
    .slice(0, 12);
}

/** The part of an experiment that determines the result of each of its stages. */
function determining(experiment: Experiment) {
  const { name: _name, trials: _trials, branches: _branches, dataset, pruning, ...rest } = experiment;
  const { directory: _directory, ...data } = dataset;
  const { levels: _levels, ...rule } = pruning;
  return { ...rest, dataset: data, pruning: rule };
}

/** A copy without the keys that have the value they had before they existed. */
export function withoutLaterDefaults(value: object, later = addedLater): object {
  return later.reduce((kept, { path, value: before }) => omit(kept, path, canonicalJson(before)), value);
}

function omit(value: object, [key, ...rest]: readonly string[], before: string): object {
  if (key === undefined || !Object.hasOwn(value, key)) return value;
  const child: unknown = Reflect.get(value, key);
  if (rest.length === 0) {
    return canonicalJson(child) === before
      ? Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
      : value;
  }
  return typeof child === 'object' && child !== null ? { ...value, [key]: omit(child, rest, before) } : value;
}
