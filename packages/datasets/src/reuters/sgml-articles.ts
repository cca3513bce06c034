import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checksumOf, sha256 } from '../checksum.js';
import { readWhole, reasonOf } from '../files.js';
import { type Articles, refuseRepeated } from './article.js';
import { parseSgml, type SgmlArticle } from './sgml.js';

/** Six times the largest file of the collection. */
const mostBytes = 10_000_000;

const fileNames: ReadonlySet<string> = new Set(
  Array.from({ length: 22 }, (_, number) => `reut2-${String(number).padStart(3, '0')}.sgm`),
);

/**
 * Reads the original collection, the files `reut2-000.sgm` to `reut2-021.sgm` or some of them, from the user's folder.
 *
 * Nothing of this is cached: parsing 26 MB of it takes about 0.2 s.
 *
 * @throws Error with one sentence when there is none of them, or one is damaged, cut off or another file.
 */
export async function readSgmlArticles(directory: string): Promise<Articles<SgmlArticle>> {
  const names = (await namesIn(directory)).filter((name) => fileNames.has(name)).sort();
  if (names.length === 0) {
    throw new Error(
      `${directory}: found no reut2-000.sgm to reut2-021.sgm; the folder should hold the files of Reuters-21578.`,
    );
  }
  const hashes: string[] = [];
  const articles: SgmlArticle[] = [];
  for (const name of names) {
    const path = join(directory, name);
    const bytes = await readWhole(path, mostBytes);
    hashes.push(sha256(bytes));
    for (const article of parseSgml(bytes, path)) articles.push(article);
  }
  refuseRepeated(articles, directory);
  return { checksum: checksumOf(hashes), articles };
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    throw new Error(
      `${directory}: the folder cannot be read (${reasonOf(error)}); it should hold reut2-000.sgm to reut2-021.sgm.`,
      { cause: error },
    );
  }
}
