import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset } from '@winning-tickets/datasets';
import type { Words } from '@winning-tickets/ticket';
import { canonicalJson } from '@winning-tickets/ticket';
import type { TrainingProgram } from '../engine.js';
import type { Experiment } from '../experiment.js';
import { networkOf } from '../experiment.js';
import type { RunFolder } from '../run-store.js';
import { forgetFailure, writeFailure } from '../store/failure.js';
import type { ClaimedStage } from './claim.js';
import { claimNext } from './claim.js';
import { compileTraining } from './compile-training.js';
import { inLockstep } from './lockstep.js';
import type { Stage } from './stages.js';
import { stagesOf } from './stages.js';
import type { RunEvent } from './progress.js';
import type { StageContext } from './train-stage.js';
import { trainStage } from './train-stage.js';

/** How long to wait before looking again when other processes work on all that can be done. */
const LOOK_AGAIN_MILLIS = 500;

/** What one worker needs. */
export interface WorkOptions {
  readonly run: RunFolder;
  readonly dataset: Dataset;
  /** The trial whose stages this worker takes first, so that workers spread over the trials. From 1. */
  readonly preferTrial: number;
  /** Seconds of training between two checkpoints; 0 writes one after each chunk of steps. */
  readonly checkpointSeconds: number;
  readonly tell: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Trains stages of a run, one after the other, until all are finished or it is told to stop.
 *
 * Any number of workers, in any processes, may work on one run: each takes the stages that nobody else holds.
 *
 * @returns 'finished' when every stage of the run is, 'stopped' when the signal came first.
 */
export async function work(options: WorkOptions): Promise<'finished' | 'stopped'> {
  const { run, dataset, preferTrial, checkpointSeconds, tell, signal } = options;
  const { experiment } = run;
  const plan = stagesOf(experiment);
  const network = networkOf(experiment, dataset);
  const { train, validation, test } = dataset;
  const program = await compileTraining(experiment, dataset);
  const others = new Map<string, Promise<TrainingProgram>>();
  const programFor: StageContext['programFor'] = (training) => {
    const key = canonicalJson(training);
    const found = others.get(key) ?? compileTraining({ ...experiment, ...training }, dataset);
    others.set(key, found);
    return found;
  };
  const context = {
    run,
    network,
    program,
    programFor,
    scoring: { train, inputScale: dataset.inputScale, threads: experiment.threads },
    dataset: {
      id: dataset.id,
      checksum: dataset.checksum,
      classNames: [...dataset.classNames],
      inputShape: [...dataset.inputShape],
      inputScale: dataset.inputScale,
      ...textFacts(experiment, dataset),
      split: {
        seed: experiment.dataset.splitSeed,
        train: train.labels.shape[0] ?? 0,
        validation: validation.labels.shape[0] ?? 0,
        test: test.labels.shape[0] ?? 0,
      },
    },
    words: wordsOf(dataset),
    software: { ...softwareVersions(), ...program.software },
    tell,
    checkpointSeconds,
    signal,
  };
  try {
    while (!signal.aborted) {
      const claimed = await claimTogether(run, plan, { preferTrial });
      if (claimed === 'finished') return 'finished';
      if (claimed === 'wait') {
        tell({ type: 'waiting' });
        await sleep(LOOK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined);
        continue;
      }
      await trainTogether(context, claimed);
    }
    return 'stopped';
  } finally {
    await program.dispose();
    for (const other of others.values()) await (await other).dispose();
  }
}

/** A stage claimed for a place among the trainings that run together. */
interface PlacedStage extends ClaimedStage {
  readonly place: number;
}

/**
 * Claims a stage for every place among the trainings that run together, as far as there are stages that can start: at
 * place p those of trials p + 1, p + 1 + `together`, … The place follows from the trial because it decides last bits.
 */
async function claimTogether(
  run: RunFolder,
  plan: readonly Stage[],
  options: Pick<WorkOptions, 'preferTrial'>,
): Promise<PlacedStage[] | 'wait' | 'finished'> {
  const { together } = run.experiment;
  const placed: PlacedStage[] = [];
  let none: 'wait' | 'finished' = 'wait';
  for (let place = 0; place < together; place++) {
    const only = ({ trial }: Stage) => (trial - 1) % together === place;
    const claimed = await claimNext(run, plan, { ...options, only });
    if (typeof claimed === 'string') none = claimed;
    else placed.push({ ...claimed, place });
  }
  return placed.length > 0 ? placed : none;
}

/** Trains what was claimed, and gives it back; where several trainings run together, all of them to their end. */
async function trainTogether(context: StageContext, claimed: readonly PlacedStage[]): Promise<void> {
  const { program, run } = context;
  const { together } = run.experiment;
  const programs = together === 1 ? [program] : inLockstep(program, together);
  // The others must not wait for places that nobody takes.
  const taken = new Set(claimed.map(({ place }) => place));
  if (together > 1)
    await Promise.all(programs.filter((_, place) => !taken.has(place)).map((own) => own.dispose()));
  const trained = await Promise.allSettled(
    claimed.map(async ({ key, lock, place }) => {
      const own = programs[place] ?? program;
      try {
        await forgetFailure(run, key);
        const manifest = await trainStage({ ...context, program: own }, key, lock);
        if (manifest) context.tell({ type: 'stage', manifest });
      } catch (error) {
        // Told to stop while it was being prepared.
        if (context.signal.aborted && error === context.signal.reason) return;
        // The reason is reported in any case; a disk that cannot hold it must not hide it.
        await writeFailure(run, key, messageOf(error)).catch(() => undefined);
        throw error;
      } finally {
        if (together > 1) await own.dispose();
        await lock.release();
      }
    }),
  );
  const failure = trained.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What tickets say of text. */
function textFacts({ dataset: { text } }: Experiment, { vocabulary }: Dataset) {
  return text && vocabulary ? { text, words: vocabulary.length } : {};
}

function wordsOf({ vocabulary, wordWeights }: Dataset): Words {
  return { ...(vocabulary ? { vocabulary } : {}), ...(wordWeights ? { wordWeights } : {}) };
}

/** Versions of the software that a ticket comes from. */
export function softwareVersions(): Record<string, string> {
  const versionOf = (name: string) =>
    (createRequire(import.meta.url)(name) as { readonly version: string }).version;
  return {
    'winning-tickets': versionOf('@winning-tickets/train/package.json'),
    'onnxruntime-node': versionOf('onnxruntime-node/package.json'),
    node: process.versions.node,
  };
}
