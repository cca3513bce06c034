import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';
import { experimentHash } from './experiment-hash.js';
import { type Experiment, parseExperiment } from './experiment.js';
import { removeLeftovers, writeJson } from './store/atomic.js';
import { errorCode, fileProblem } from './store/file-problem.js';
import { readJsonIfPresent } from './store/read-file.js';

/** Which data a run was made from. */
export interface DatasetIdentity {
  readonly id: string;
  /** SHA-256 of the data set's files, hex. */
  readonly checksum: string;
}

/** A run's folder on disk, and what it holds. */
export interface RunFolder {
  /** `<root>/<name>-<hash>`. */
  readonly folder: string;
  readonly experiment: Experiment;
  /** `experimentHash` of the experiment and the data: 12 hex digits. */
  readonly hash: string;
  readonly dataset: DatasetIdentity;
}

/** What `openRun` needs. */
export interface OpenRunOptions {
  /** The folder that all runs are in (`runs`); created if need be. */
  readonly root: string;
  readonly experiment: Experiment;
  readonly dataset: DatasetIdentity;
}

/** The file that makes a folder a run. */
export const experimentFileName = 'experiment.json';

const maxExperimentBytes = 4_000_000;

const experimentFileSchema = z.object({
  schema: z.literal(1),
  hash: z.string().regex(/^[0-9a-f]{12}$/),
  dataset: z.object({ id: z.string().min(1), checksum: z.string().regex(/^[0-9a-f]{64}$/) }),
  experiment: z.unknown(),
});

/** Where an experiment's run lies: `<root>/<name>-<hash>`. */
export function runFolderPath({ root, experiment, dataset }: OpenRunOptions): string {
  return join(root, `${experiment.name}-${experimentHash(experiment, dataset.checksum)}`);
}

/**
 * Creates a run's folder, or opens it to go on with it.
 *
 * An experiment that was extended (more trials, levels or controls) has the same folder, which then records the
 * experiment as it is now; what earlier versions of it have finished stays on disk. Removes what crashed writes left.
 *
 * @throws Error when the folder holds another or an unreadable experiment, or cannot be written to
 */
export async function openRun(options: OpenRunOptions): Promise<RunFolder> {
  const { experiment, dataset } = options;
  const folder = runFolderPath(options);
  const run = { folder, experiment, hash: experimentHash(experiment, dataset.checksum), dataset };
  await makeWritable(folder);
  const found = await readExperimentFile(folder);
  if (found && found.hash !== run.hash) {
    throw new Error(
      `${folder} holds another experiment (${found.experiment.name}-${found.hash}): ` +
        'move it away or choose another folder for the runs',
    );
  }
  if (!found || !isDeepStrictEqual(found.experiment, experiment)) await writeExperimentFile(run);
  await removeAllLeftovers(folder);
  return run;
}

/** Whether a folder is a run: one that was begun. */
export async function isRun(folder: string): Promise<boolean> {
  return access(join(folder, experimentFileName)).then(
    () => true,
    () => false,
  );
}

/**
 * The run in a folder.
 *
 * @throws Error when the folder is not a run, or its experiment is unreadable or was edited
 */
export async function findRun(folder: string): Promise<RunFolder> {
  const run = await readExperimentFile(folder);
  if (!run) throw new Error(`${folder} is not a run: it has no ${experimentFileName}`);
  return run;
}

async function readExperimentFile(folder: string): Promise<RunFolder | undefined> {
  const path = join(folder, experimentFileName);
  const json = await readJsonIfPresent(path, maxExperimentBytes).catch((error: unknown) =>
    unusable(path, error),
  );
  if (json === undefined) return undefined;
  const { hash, dataset, ...rest } = readRecord(json, path);
  const actual = experimentHash(rest.experiment, dataset.checksum);
  if (actual !== hash) {
    throw new Error(
      `${path} was changed after the run began: it has the hash ${actual}, recorded is ${hash}; undo the change, ` +
        'or copy the experiment to a file of your own and start a new run from that',
    );
  }
  return { folder, experiment: rest.experiment, hash, dataset };
}

function readRecord(json: unknown, path: string) {
  try {
    const record = parse(experimentFileSchema, json, path);
    return { ...record, experiment: parseExperiment(record.experiment, path) };
  } catch (error) {
    return unusable(path, error);
  }
}

function unusable(path: string, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new Error(`${reason}; move ${dirname(path)} away to start this run anew`, { cause: error });
}

async function writeExperimentFile({ folder, hash, dataset, experiment }: RunFolder): Promise<void> {
  const { id, checksum } = dataset;
  await writeJson(join(folder, experimentFileName), {
    schema: 1,
    hash,
    dataset: { id, checksum },
    experiment,
  });
}

async function makeWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw fileProblem(error, errorCode(error) === 'EEXIST' ? 'create' : 'use', folder);
  }
}

async function removeAllLeftovers(folder: string): Promise<void> {
  await removeLeftovers(folder);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) await removeLeftovers(join(entry.parentPath, entry.name));
  }
}
