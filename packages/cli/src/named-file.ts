import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { suggestion } from '@winning-tickets/ticket';
import { codeOf, messageOf } from './failures.js';

/** JSON files that come with the program and can be meant by their names. */
export interface NamedFiles {
  readonly folder: string;
  /** What one of them is: `experiment`. */
  readonly noun: string;
}

/** A file that a user means. */
export interface NamedFile {
  readonly path: string;
  /** What messages call it. */
  readonly source: string;
  readonly json: unknown;
}

/** Such a file is a screenful; a larger one is something else. */
const maxBytes = 1_000_000;

/**
 * Reads the JSON file that a user means.
 *
 * @param named a path, or the name of one of `files`
 * @throws Error in one sentence when there is none, or it is not JSON.
 */
export async function readNamed(named: string, files: NamedFiles): Promise<NamedFile> {
  const path = await findFile(named, files);
  const near = relative(process.cwd(), path);
  const source = near.startsWith('..') ? path : near;
  return { path, source, json: await readJson(path, source, files.noun) };
}

/** The names of the files that come along. */
export async function namesIn({ folder }: NamedFiles): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [])).sort();
}

async function findFile(named: string, files: NamedFiles): Promise<string> {
  const found = await stat(named).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw new Error(`${named}: cannot be read (${messageOf(error)})`, { cause: error });
  });
  if (found?.isFile()) return resolve(named);
  const names = await namesIn(files);
  if (names.includes(named)) return join(files.folder, `${named}.json`);
  if (found) throw new Error(`${named}: is a folder, expected ${article(files.noun)} file (JSON)`);
  if (named.endsWith('.json') || named.includes('/') || named.includes(sep)) {
    throw new Error(`${named}: there is no such file`);
  }
  throw new Error(`unknown ${files.noun} '${named}'${suggestion(named, names)}`);
}

async function readJson(path: string, source: string, noun: string): Promise<unknown> {
  const { size } = await stat(path);
  if (size > maxBytes) {
    throw new Error(`${source}: has ${size} bytes, expected ${article(noun)} file of at most ${maxBytes}`);
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`${source}: cannot be read (${messageOf(error)})`, { cause: error });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${source}: is not valid JSON: ${messageOf(error)}`, { cause: error });
  }
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
