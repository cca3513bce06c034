import { createHash } from 'node:crypto';
import { canonicalJson } from '@winning-tickets/ticket';
import type { Experiment } from './experiment.js';

type Path = readonly string[];

/**
 * Keys that change no result of any stage. Some say where the run lies or the data are; the others say which stages
 * there are, so that an experiment that is extended goes on in its old folder.
 */
const withoutEffect: readonly Path[] = [
  ['name'],
  ['dataset', 'directory'],
  ['trials'],
  ['pruning', 'levels'],
  ['branches'],
];

/**
 * Keys that were added to the experiment after its first release, with the value that gives the behaviour from before.
 * A key with this value is left out of the hash, so that runs from before keep their hash and are found again. Add to
 * this list with every new key; never change or remove an entry, not even when the default in the schema changes.
 */
const addedLater: readonly { readonly path: Path; readonly value: unknown }[] = [
  { path: ['pruning', 'kindRates'], value: {} },
  { path: ['together'], value: 1 },
  { path: ['device'], value: 'cpu' },
  { path: ['schedule'], value: [] },
  { path: ['compact'], value: true },
];

/**
 * Twelve hex digits that stand for everything that determines the result of a stage: SHA-256 of the canonical JSON of
 * the experiment and the data set's checksum. `name`, `dataset.directory`, `trials`, `pruning.levels` and `branches`
 * are left out, since they determine none.
 *
 * @param datasetChecksum SHA-256 of the data set's files, hex
 */
export function experimentHash(experiment: Experiment, datasetChecksum: string): string {
  // Of a module its contents count, wherever the file lies.
  const modules = experiment.modules?.map(({ sha256 }) => sha256);
  const counting = { ...experiment, ...(modules ? { modules } : {}) };
  const determining = withoutEffect.reduce<object>((kept, path) => omit(kept, path), counting);
  return createHash('sha256')
    .update(canonicalJson({ dataset: datasetChecksum, experiment: withoutLaterDefaults(determining) }))
    .digest('hex')
    .slice(0, 12);
}

/** A copy without the keys that have the value they had before they existed. */
export function withoutLaterDefaults(value: object, later = addedLater): object {
  return later.reduce(
    (kept, { path, value: before }) =>
      omit(kept, path, (found) => canonicalJson(found) === canonicalJson(before)),
    value,
  );
}

/** A copy without the key that a path leads to, if it is there and its value is one to omit. */
function omit(
  value: object,
  [key, ...rest]: Path,
  concerns: (found: unknown) => boolean = () => true,
): object {
  if (key === undefined || !Object.hasOwn(value, key)) return value;
  const child: unknown = Reflect.get(value, key);
  if (rest.length > 0) {
    return typeof child === 'object' && child !== null
      ? { ...value, [key]: omit(child, rest, concerns) }
      : value;
  }
  if (!concerns(child)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}
