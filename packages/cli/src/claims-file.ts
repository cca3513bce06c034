import { fileURLToPath } from 'node:url';
import { type Claims, parseClaims } from '@winning-tickets/train';
import { type NamedFiles, readNamed } from './named-file.js';

/** The claims that come with the program. */
const shipped: NamedFiles = {
  folder: fileURLToPath(new URL('../../../experiments/claims/', import.meta.url)),
  noun: 'claims',
};

/** The claims that runs are held against when nobody says. */
export const usualClaims = 'frankle-carbin-2019';

/**
 * Reads a file of claims.
 *
 * @param named a JSON file, or the name of one that comes along; default {@link usualClaims}
 * @throws Error in one sentence when there is none, or it is not valid.
 */
export async function loadClaims(named = usualClaims): Promise<Claims> {
  const { source, json } = await readNamed(named, shipped);
  return parseClaims(json, source);
}
