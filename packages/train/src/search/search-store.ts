import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';
import type { DatasetIdentity } from '../run-store.js';
import { removeLeftovers, writeJson } from '../store/atomic.js';
import { fileProblem } from '../store/file-problem.js';
import { readJsonIfPresent } from '../store/read-file.js';
import type { Search } from './search.js';
import { parseSearch, searchHash } from './search.js';

/** A search's folder on disk. The candidates' runs are folders inside it. */
export interface SearchFolder {
  /** `<root>/search-<name>-<hash>`. */
  readonly folder: string;
  readonly search: Search;
  /** `searchHash` of the search and the data: 12 hex digits. */
  readonly hash: string;
  readonly dataset: DatasetIdentity;
}

/** The file that makes a folder a search. */
const searchFileName = 'search.json';

const maxSearchBytes = 4_000_000;

const searchFileSchema = z.object({
  schema: z.literal(1),
  hash: z.string().regex(/^[0-9a-f]{12}$/),
  dataset: z.object({ id: z.string().min(1), checksum: z.string().regex(/^[0-9a-f]{64}$/) }),
  search: z.unknown(),
});

/**
 * Creates a search's folder, or opens it to go on with it; a search with another budget has the same folder.
 *
 * @throws Error when the folder holds another or an unreadable search, or cannot be written to
 */
export async function openSearch(
  root: string,
  search: Search,
  dataset: DatasetIdentity,
): Promise<SearchFolder> {
  const hash = searchHash(search, dataset.checksum);
  const folder = join(root, `search-${search.name}-${hash}`);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileProblem(error, 'create', folder);
  });
  await removeLeftovers(folder);
  const { id, checksum } = dataset;
  const opened = { folder, search, hash, dataset: { id, checksum } };
  const path = join(folder, searchFileName);
  const found = await readSearchFile(path);
  if (found && found.hash !== hash) {
    throw new Error(
      `${path} is of another search (${found.hash}) or was changed after the search began: ` +
        `move ${folder} away to start anew`,
    );
  }
  if (!found || !isDeepStrictEqual(found.search, search)) {
    await writeJson(path, { schema: 1, hash, dataset: opened.dataset, search });
  }
  return opened;
}

async function readSearchFile(path: string): Promise<{ search: Search; hash: string } | undefined> {
  const json = await readJsonIfPresent(path, maxSearchBytes);
  if (json === undefined) return undefined;
  const { search, dataset } = parse(searchFileSchema, json, path);
  const read = parseSearch(search, path);
  // What the file holds counts, not what it says of itself.
  return { search: read, hash: searchHash(read, dataset.checksum) };
}
