import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSearch, type Search } from '@winning-tickets/train';
import { type NamedFiles, namesIn, readNamed } from './named-file.js';

/** The searches that come with the program. */
const shipped: NamedFiles = {
  folder: fileURLToPath(new URL('../../../experiments/searches/', import.meta.url)),
  noun: 'search',
};

/** What the command line changes in a search. */
export interface SearchOverrides {
  readonly candidates?: number | undefined;
  readonly trials?: number | undefined;
  readonly seed?: number | undefined;
  readonly threads?: number | undefined;
  readonly dataDir?: string | undefined;
}

/** A search, and what messages call it. */
export interface LoadedSearch {
  readonly search: Search;
  readonly source: string;
}

/**
 * Reads a search and applies what the command line changes.
 *
 * @param named a JSON file, or the name of a search that comes along
 * @throws Error in one sentence when there is none, or it is not valid.
 */
export async function loadSearch(named: string, overrides: SearchOverrides = {}): Promise<LoadedSearch> {
  const { path, source, json } = await readNamed(named, shipped);
  const written = withDirectory(parseSearch(json, source), dirname(path));
  const { candidates, trials, seed, threads, dataDir } = overrides;
  const search = {
    ...written,
    ...given({ seed, threads }),
    dataset: { ...written.dataset, ...(dataDir === undefined ? {} : { directory: resolve(dataDir) }) },
    budget: { ...written.budget, ...given({ candidates, trials }) },
  };
  return { search: parseSearch(search, source), source };
}

/** The names of the searches that come along. */
export function shippedSearches(): Promise<string[]> {
  return namesIn(shipped);
}

/** A folder that a file names lies where the file says, not where the command is typed. */
function withDirectory(search: Search, base: string): Search {
  const { directory } = search.dataset;
  if (directory === undefined) return search;
  return { ...search, dataset: { ...search.dataset, directory: resolve(base, directory) } };
}

function given(numbers: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(numbers).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
