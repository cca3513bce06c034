import { loadDataset } from '@winning-tickets/datasets';
import type { ModuleIdentity } from '../modules.js';
import { loadModules } from '../modules.js';
import { findRun } from '../run-store.js';
import type { RunEvent } from './progress.js';
import { work } from './work.js';

/** The program of a worker process: `runExperiment` starts one per core and speaks with it over IPC. */

/** What a worker is told. */
export type ToWorker =
  | {
      readonly type: 'start';
      readonly folder: string;
      readonly preferTrial: number;
      readonly checkpointSeconds: number;
      /** What the experiment's network is made of. */
      readonly modules: readonly ModuleIdentity[];
    }
  | { readonly type: 'stop' };

/** What a worker is told to begin with. */
export type Start = Extract<ToWorker, { type: 'start' }>;

/** What a worker tells. */
export type FromWorker =
  | { readonly type: 'event'; readonly event: RunEvent }
  | { readonly type: 'done'; readonly outcome: 'finished' | 'stopped' }
  | { readonly type: 'failed'; readonly message: string };

const stop = new AbortController();

// Ctrl-C, and often SIGTERM, reach the whole process group. The parent decides; a worker stops when it is told to.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// A worker whose parent is gone, for whatever reason, saves its work and goes too.
process.on('disconnect', () => {
  stop.abort();
});
process.on('message', (message: ToWorker) => {
  if (message.type === 'stop') stop.abort();
  else void main(message);
});

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

async function main({ folder, preferTrial, checkpointSeconds, modules }: Start): Promise<void> {
  try {
    await loadModules(modules);
    const run = await findRun(folder);
    const dataset = await loadDataset(run.experiment.dataset);
    if (dataset.checksum !== run.dataset.checksum) {
      throw new Error(
        `the files of ${dataset.id} changed since the run began: their checksum is ${dataset.checksum}, ` +
          `recorded is ${run.dataset.checksum}; put the originals back or start a new run`,
      );
    }
    const outcome = await work({
      run,
      dataset,
      preferTrial,
      checkpointSeconds,
      signal: stop.signal,
      tell: (event) => {
        send({ type: 'event', event });
      },
    });
    send({ type: 'done', outcome });
  } catch (error) {
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
  } finally {
    if (process.connected) process.disconnect();
  }
}
