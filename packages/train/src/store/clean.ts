import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Stage } from '../lottery/stages.js';
import { experimentFileName, findRun } from '../run-store.js';
import { isTemporary } from './atomic.js';
import { checkpointFileName } from './checkpoint.js';
import { errorCode, fileProblem } from './file-problem.js';
import { acquire, isLockFile, lockHolder } from './lock.js';
import { stageFolder, stageLabel, stageOfPath } from './stage-path.js';
import { isStageFile, manifestFileName } from './stage.js';

/** What `cleanRun` has done. */
export interface Cleaned {
  /** Files deleted. */
  readonly files: number;
  /** Bytes that they had. */
  readonly bytes: number;
  /** With 'all': paths in the run's folder that this software did not write; they were left, and so was the folder. */
  readonly kept: readonly string[];
}

/**
 * Deletes files of a run: its 'checkpoints', with what crashed writes left, or 'all'.
 *
 * Deletes only files that this software writes, only in a folder that is a run, and follows no links. Safe to repeat
 * after a crash: manifests go before their tickets, the experiment last.
 *
 * @throws Error when the folder is not a run, or a stage of it is being trained
 */
export async function cleanRun(folder: string, what: 'checkpoints' | 'all'): Promise<Cleaned> {
  const run = await findRun(folder);
  const stages = await stagesOnDisk(folder);
  for (const key of stages) {
    const holder = await lockHolder(stageFolder(run, key));
    if (holder !== undefined) throw busy(folder, key, holder);
  }
  const isOurs = what === 'all' ? isFileOfStage : isRemains;
  let deleted = { files: 0, bytes: 0 };
  for (const key of stages) deleted = sum(deleted, await cleanStage(folder, key, isOurs));
  if (what === 'checkpoints') return { ...deleted, kept: [] };
  deleted = sum(deleted, await deleteFiles(folder, isTemporary));
  deleted = sum(deleted, await deleteFiles(folder, (name) => name === experimentFileName));
  await removeEmptyFolders(folder);
  return { ...deleted, kept: await namesIn(folder) };
}

function isRemains(name: string): boolean {
  return name === checkpointFileName || isTemporary(name);
}

function isFileOfStage(name: string): boolean {
  return isStageFile(name) || isRemains(name);
}

/** Holds the stage's lock meanwhile, so that no training can begin in it. */
async function cleanStage(folder: string, key: Stage, isOurs: (name: string) => boolean): Promise<Deleted> {
  const path = stageFolder({ folder }, key);
  const lock = await acquire(path);
  if (!lock) throw busy(folder, key, (await lockHolder(path)) ?? 'another process');
  try {
    const manifest = await deleteFiles(path, (name) => name === manifestFileName && isOurs(name));
    const others = await deleteFiles(path, isOurs);
    await deleteFiles(path, (name) => isLockFile(name) && join(path, name) !== lock.path);
    return sum(manifest, others);
  } finally {
    await lock.release();
  }
}

interface Deleted {
  readonly files: number;
  readonly bytes: number;
}

async function deleteFiles(folder: string, isOurs: (name: string) => boolean): Promise<Deleted> {
  let deleted = { files: 0, bytes: 0 };
  for (const name of (await readdir(folder)).filter(isOurs)) {
    const path = join(folder, name);
    try {
      const { size } = await lstat(path);
      await rm(path, { force: true });
      deleted = sum(deleted, { files: 1, bytes: size });
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw fileProblem(error, 'delete', path);
    }
  }
  return deleted;
}

async function stagesOnDisk(folder: string): Promise<Stage[]> {
  const folders = await subfolders(folder);
  return folders.flatMap((path) => stageOfPath(relative(folder, path).split(sep)) ?? []);
}

/** All folders below a folder, children before their parents; links are not followed. */
async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const children = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  const below = await Promise.all(children.map(async (child) => [...(await subfolders(child)), child]));
  return below.flat();
}

async function removeEmptyFolders(folder: string): Promise<void> {
  for (const path of [...(await subfolders(folder)), folder]) {
    await rmdir(path).catch((error: unknown) => {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errorCode(error) ?? ''))
        throw fileProblem(error, 'delete', path);
    });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).map((name) => join(folder, name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileProblem(error, 'read', folder);
  }
}

function sum(a: Deleted, b: Deleted): Deleted {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

function busy(folder: string, key: Stage, holder: string): Error {
  return new Error(`${folder} is in use: ${stageLabel(key)} is held by ${holder}; stop it first`);
}
