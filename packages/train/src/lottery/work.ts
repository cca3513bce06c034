import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset } from '@winning-tickets/datasets';
import { engineNamed } from '../engines/registry.js';
import { networkOf } from '../experiment.js';
import type { RunFolder } from '../run-store.js';
import { claimNext } from './claim.js';
import { stagesOf } from './stages.js';
import type { RunEvent } from './progress.js';
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
  const program = await engineNamed(experiment.engine).compile({
    network,
    optimizer: experiment.optimizer,
    batchSize: experiment.batchSize,
    inputScale: dataset.inputScale,
    train,
    validation,
    test,
    threads: experiment.threads,
  });
  const context = {
    run,
    network,
    program,
    dataset: {
      id: dataset.id,
      checksum: dataset.checksum,
      classNames: [...dataset.classNames],
      inputShape: [...dataset.inputShape],
      inputScale: dataset.inputScale,
      split: {
        seed: experiment.dataset.splitSeed,
        train: train.labels.shape[0] ?? 0,
        validation: validation.labels.shape[0] ?? 0,
        test: test.labels.shape[0] ?? 0,
      },
    },
    software: softwareVersions(),
    tell,
    checkpointSeconds,
    signal,
  };
  try {
    while (!signal.aborted) {
      const claimed = await claimNext(run, plan, { preferTrial });
      if (claimed === 'finished') return 'finished';
      if (claimed === 'wait') {
        tell({ type: 'waiting' });
        await sleep(LOOK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined);
        continue;
      }
      try {
        const manifest = await trainStage(context, claimed.key, claimed.lock);
        if (manifest) tell({ type: 'stage', manifest });
      } finally {
        await claimed.lock.release();
      }
    }
    return 'stopped';
  } finally {
    await program.dispose();
  }
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
