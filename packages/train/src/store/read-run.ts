import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stagesOf } from '../lottery/stages.js';
import { type RunFolder, findRun, isRun } from '../run-store.js';
import { errorCode, fileProblem } from './file-problem.js';
import { type StageManifest, readStage } from './stage.js';

/** A run as it stands: what was asked, and what is finished. */
export interface Run extends RunFolder {
  /** The manifests of the finished stages, in the order of `stagesOf`. Their histories: `readHistory(run, manifest)`. */
  readonly stages: readonly StageManifest[];
  /** How many stages the experiment has. */
  readonly expected: number;
}

/** One line about a run. */
export interface RunSummary {
  readonly folder: string;
  /** The experiment's name; the folder's name when the run is unreadable. */
  readonly name: string;
  /** Twelve hex digits; empty when the run is unreadable. */
  readonly hash: string;
  /** Finished stages. */
  readonly done: number;
  /** All stages of the experiment. */
  readonly expected: number;
  /** Bytes of all its files. */
  readonly bytes: number;
  /** When its latest stage was finished, ISO 8601; undefined when none is. */
  readonly lastFinished: string | undefined;
  /** Why the run cannot be read, in one sentence; undefined when it can. */
  readonly problem: string | undefined;
}

/**
 * Reads a run: its experiment and the manifests of its finished stages. Also works while it is running.
 *
 * @throws Error when the folder is not a run, or a file of it is damaged
 */
export async function readRun(folder: string): Promise<Run> {
  const run = await findRun(folder);
  const plan = stagesOf(run.experiment);
  const stages: StageManifest[] = [];
  for (const key of plan) {
    const manifest = await readStage(run, key);
    if (manifest) stages.push(manifest);
  }
  return { ...run, stages, expected: plan.length };
}

/**
 * All runs in a folder, by folder name; none when there is no such folder. A damaged run has a `problem` and does not
 * hide the others.
 *
 * @throws Error when the folder cannot be read
 */
export async function listRuns(root: string): Promise<RunSummary[]> {
  const summaries: RunSummary[] = [];
  for (const name of (await foldersIn(root)).sort()) {
    const folder = join(root, name);
    if (await isRun(folder)) summaries.push(await summarize(folder, name));
  }
  return summaries;
}

/**
 * Bytes of all files in a folder and its subfolders; 0 when there is none. Symbolic links are not followed.
 *
 * @throws Error when a folder cannot be read
 */
export async function diskUse(folder: string): Promise<number> {
  let bytes = 0;
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      bytes += entry.isDirectory() ? await diskUse(path) : await sizeOfFile(path);
    }
  } catch (error) {
    // Gone since its name was read: a run in progress replaces and removes files.
    if (errorCode(error) !== 'ENOENT') throw fileProblem(error, 'read', folder);
  }
  return bytes;
}

async function summarize(folder: string, folderName: string): Promise<RunSummary> {
  const bytes = await diskUse(folder);
  try {
    const { experiment, hash, stages, expected } = await readRun(folder);
    const lastFinished = stages
      .map(({ finishedAt }) => finishedAt)
      .sort((a, b) => Date.parse(a) - Date.parse(b))
      .at(-1);
    return {
      folder,
      name: experiment.name,
      hash,
      done: stages.length,
      expected,
      bytes,
      lastFinished,
      problem: undefined,
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return {
      folder,
      name: folderName,
      hash: '',
      done: 0,
      expected: 0,
      bytes,
      lastFinished: undefined,
      problem,
    };
  }
}

async function foldersIn(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileProblem(error, 'read', root);
  }
}

async function sizeOfFile(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
