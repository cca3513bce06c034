import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Dataset } from '@winning-tickets/datasets';
import { loadDataset } from '@winning-tickets/datasets';
import type { Experiment } from '../experiment.js';
import { checkAgainstDataset, networkOf } from '../experiment.js';
import type { RunFolder } from '../run-store.js';
import { openRun } from '../run-store.js';
import type { Run } from '../store/read-run.js';
import { readRun } from '../store/read-run.js';
import { ensureSpace } from '../store/space.js';
import { estimate } from './stages.js';
import { checkTransferSource, withTransferSource } from './transfer-source.js';
import type { RunEvent } from './progress.js';
import type { FromWorker, Start, ToWorker } from './worker-process.js';

/** Often enough to lose little, seldom enough to cost nothing beside the training. */
const CHECKPOINT_SECONDS = 10;

export interface RunExperimentOptions {
  readonly experiment: Experiment;
  /** The folder that all runs are in; created if need be. */
  readonly root: string;
  /** What messages call the experiment: its file. Default: the experiment's name. */
  readonly source?: string;
  /**
   * Worker processes. Default: as many as the cores carry at the experiment's thread count, at most one per trial, or per
   * as many trials as run together.
   */
  readonly workers?: number;
  /** Seconds of training between two checkpoints, all that a crash can lose. Default: 10. */
  readonly checkpointSeconds?: number;
  /** Aborting it stops the workers, each after its current chunk and with a checkpoint. */
  readonly signal?: AbortSignal;
  /** Called before the training starts, and before anything is written. */
  readonly onPrepared?: (prepared: Prepared) => void;
  readonly onEvent?: (event: RunEvent) => void;
}

/** What is known before the training starts. */
export interface Prepared {
  readonly run: RunFolder;
  readonly dataset: Dataset;
  readonly workers: number;
}

/**
 * Runs an experiment, or goes on with one: what is finished on disk is not done again.
 *
 * Each worker is a process of its own, so that trials run side by side; several calls, in any processes, may work on
 * one run at the same time.
 *
 * @returns the run as it stands: all of it, or what was done when the signal came.
 * @throws Error when the experiment does not fit its data, the disk is too small, or a worker fails; in one sentence.
 */
export async function runExperiment(options: RunExperimentOptions): Promise<Run> {
  const { root, source = `experiment '${options.experiment.name}'`, signal } = options;
  const experiment = await withTransferSource(options.experiment, root, source);
  const dataset = await loadData(experiment, source);
  checkAgainstDataset(experiment, dataset, source);
  const { bytes } = estimate(experiment, networkOf(experiment, dataset));
  await ensureSpace(root, bytes);
  await checkTransferSource(experiment, root, source);
  const run = await openRun({ root, experiment, dataset });
  const workers = options.workers ?? defaultWorkers(experiment);
  options.onPrepared?.({ run, dataset, workers });
  const before = await readRun(run.folder);
  if (before.stages.length === before.expected) return before;
  const { checkpointSeconds = CHECKPOINT_SECONDS } = options;
  const { modules = [] } = experiment;
  const start = { type: 'start', folder: run.folder, checkpointSeconds, modules } as const;
  await withWorkers(start, workers, signal, options.onEvent ?? (() => undefined));
  return readRun(run.folder);
}

/** Errors say which experiment asked for the data. */
async function loadData({ dataset }: Experiment, source: string): Promise<Dataset> {
  try {
    return await loadDataset(dataset);
  } catch (error) {
    throw new Error(`${source}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Workers that the machine's cores carry side by side, at most one per trial or per trials that run together. */
export function defaultWorkers({
  trials,
  together = 1,
  threads,
}: Pick<Experiment, 'trials' | 'threads'> & Partial<Pick<Experiment, 'together'>>): number {
  return Math.max(1, Math.min(Math.ceil(trials / together), Math.floor(availableParallelism() / threads)));
}

async function withWorkers(
  start: Omit<Start, 'preferTrial'>,
  count: number,
  signal: AbortSignal | undefined,
  tell: (event: RunEvent) => void,
): Promise<void> {
  const program = workerProgram();
  const children: ChildProcess[] = [];
  const stopAll = () => {
    for (const child of children) if (child.connected) child.send({ type: 'stop' } satisfies ToWorker);
  };
  signal?.addEventListener('abort', stopAll);
  try {
    const outcomes = Array.from({ length: count }, (_, index) => {
      const child = fork(program, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      children.push(child);
      return outcomeOf(child, { ...start, preferTrial: index + 1 }, tell);
    });
    if (signal?.aborted) stopAll();
    // The first failure stops the others, which save their work; then it is reported.
    const settled = await Promise.allSettled(
      outcomes.map((outcome) =>
        outcome.catch((error: unknown) => {
          stopAll();
          throw error;
        }),
      ),
    );
    const failure = settled.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  } finally {
    signal?.removeEventListener('abort', stopAll);
  }
}

function outcomeOf(child: ChildProcess, start: ToWorker, tell: (event: RunEvent) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let outcome: Exclude<FromWorker, { type: 'event' }> | undefined;
    child.on('message', (message: FromWorker) => {
      if (message.type === 'event') tell(message.event);
      else outcome = message;
    });
    child.on('error', reject);
    child.on('exit', (code, killedBy) => {
      if (outcome?.type === 'done') resolve();
      else if (outcome) reject(new Error(outcome.message));
      else {
        const how = killedBy ? `was ended by ${killedBy}` : `ended with code ${code ?? 'unknown'}`;
        reject(new Error(`a training process ${how}: run the same command again to go on where it was`));
      }
    });
    child.send(start);
  });
}

/** The built program of a worker, also when this file runs from its source. */
function workerProgram(): string {
  const url = new URL('./worker-process.js', import.meta.url);
  const path = fileURLToPath(url).replace(/([\\/])src([\\/]lottery[\\/])/, '$1dist$2');
  if (!existsSync(path)) throw new Error(`${path} is missing: build the packages first (npm run build)`);
  return path;
}
