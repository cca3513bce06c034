import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { suggestion } from '@winning-tickets/ticket';
import type { RunSummary } from '@winning-tickets/train';
import { listRuns } from '@winning-tickets/train';
import { codeOf, messageOf } from './failures.js';

/** What stands in a run's folder beside its trainings. */
export interface RunFiles {
  /** Folder of the exported models. */
  readonly exports: string;
  readonly bench: string;
  readonly report: string;
  readonly stability: string;
}

export function runFiles(folder: string): RunFiles {
  return {
    exports: join(folder, 'exports'),
    bench: join(folder, 'bench.json'),
    report: join(folder, 'report.html'),
    stability: join(folder, 'stability.json'),
  };
}

/**
 * The folder of the run that a user means.
 *
 * @param named a folder, the name of one in `runs`, or the name of an experiment that has one run there
 * @throws Error when there is none, or more than one.
 */
export async function findRunFolder(named: string, runs: string): Promise<string> {
  for (const folder of [named, join(runs, named)]) {
    if (await isFolder(folder)) return folder;
  }
  const all = await listRuns(runs);
  const [only, ...others] = all.filter(({ name }) => name === named);
  if (only && others.length === 0) return only.folder;
  if (only) {
    const folders = [only, ...others].map(({ folder }) => folder).join(', ');
    throw new Error(`${named}: ${others.length + 1} runs have this name: ${folders}; give the folder of one`);
  }
  const unreadable = all.find(({ folder, problem }) => problem && basename(folder).startsWith(`${named}-`));
  if (unreadable?.problem) throw new Error(unreadable.problem);
  throw new Error(`${named}: there is no such run${hint(named, all, runs)}`);
}

/** Whether a path is a folder. */
async function isFolder(path: string): Promise<boolean> {
  return (await statusOf(path))?.isDirectory() === true;
}

/** What a path leads to; undefined when there is nothing. @throws Error when that cannot be told. */
export async function statusOf(path: string) {
  return await stat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw new Error(`${path}: cannot be read (${messageOf(error)})`, { cause: error });
  });
}

function hint(named: string, all: readonly RunSummary[], runs: string): string {
  const names = [...new Set(all.flatMap(({ name, folder }) => [name, basename(folder)]))];
  return names.length === 0 ? `, and ${runs} holds none` : ` in ${runs}${suggestion(named, names)}`;
}
