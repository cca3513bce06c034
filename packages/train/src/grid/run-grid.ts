import { basename } from 'node:path';
import type { Dataset } from '@winning-tickets/datasets';
import { loadDataset } from '@winning-tickets/datasets';
import { canonicalJson } from '@winning-tickets/ticket';
import { type Experiment, checkAgainstDataset, networkOf } from '../experiment.js';
import type { RunEvent } from '../lottery/progress.js';
import { defaultWorkers, runExperiment } from '../lottery/run-experiment.js';
import { estimate } from '../lottery/stages.js';
import { isRun, runFolderPath } from '../run-store.js';
import { sideBySide } from '../side-by-side.js';
import { readRun } from '../store/read-run.js';
import { ensureSpace } from '../store/space.js';
import type { Grid, GridCell } from './grid.js';
import { gridFolderPath, writeGrid } from './grid-store.js';

export interface RunGridOptions {
  readonly grid: Grid;
  /** The folder that all runs are in; created if need be. */
  readonly root: string;
  /** What messages call the grid: its file. Default: the grid's name. */
  readonly source?: string;
  /** Trainings at a time. Default: as many as the cores carry at the most threads that an experiment asks for. */
  readonly workers?: number;
  /** Seconds of training between two checkpoints. Default: that of `runExperiment`. */
  readonly checkpointSeconds?: number;
  /** Aborting it stops the trainings, each after its current chunk and with a checkpoint. */
  readonly signal?: AbortSignal;
  /** Called before the training starts. */
  readonly onPrepared?: (prepared: PreparedGrid) => void;
  readonly onEvent?: (event: GridEvent) => void;
}

/** What is known before the training starts. */
export interface PreparedGrid {
  readonly folder: string;
  readonly cells: readonly PlannedCell[];
  readonly workers: number;
  /** All that the runs will take of the disk. */
  readonly bytes: number;
}

/** An experiment of a grid, and how much of it was done earlier. */
export interface PlannedCell extends GridCell {
  readonly run: string;
  /** Trainings of the run, and how many of them are finished. */
  readonly stages: number;
  readonly finished: number;
}

/** What a grid tells while it goes on. */
export type GridEvent =
  | { readonly type: 'training'; readonly cell: PlannedCell; readonly event: RunEvent }
  /** An experiment can go no further; the others go on. */
  | { readonly type: 'failed'; readonly cell: PlannedCell; readonly message: string };

/** A grid as it stands. */
export interface GridRun {
  /** `<root>/grid-<name>`. */
  readonly folder: string;
  readonly cells: readonly PlannedCell[];
  /** Experiments that failed now, and why, in one sentence each. What failed is tried again by the next call. */
  readonly failures: readonly { readonly cell: PlannedCell; readonly message: string }[];
}

/**
 * Trains all experiments of a grid, or goes on with it: what is finished on disk is not done again, and what failed is
 * tried again. Each experiment is an ordinary run in the grid's folder.
 *
 * Several calls, in any processes, may work on one grid at the same time. Trainings of different experiments go on side
 * by side; near the end, when fewer experiments than workers are left, so do trials of one.
 *
 * @throws Error when an experiment does not fit its data, or the disk is too small; before anything is written.
 */
export async function runGrid(options: RunGridOptions): Promise<GridRun> {
  const { grid, root, source = `grid '${grid.name}'`, signal, onEvent } = options;
  const folder = gridFolderPath(root, grid);
  const { cells, bytes } = await plan(grid, folder, source);
  await ensureSpace(root, bytes);
  const threads = Math.max(...grid.cells.map(({ experiment }) => experiment.threads));
  const trials = grid.cells.reduce((sum, { experiment }) => sum + experiment.trials, 0);
  const workers = options.workers ?? defaultWorkers({ trials, threads });
  await writeGrid(folder, {
    schema: 1,
    name: grid.name,
    lists: Object.fromEntries(Object.entries(grid.lists).map(([key, values]) => [key, [...values]])),
    cells: cells.map(({ label, values, run }) => ({ label, values: { ...values }, run })),
  });
  options.onPrepared?.({ folder, cells, workers, bytes });
  const failures = new Map<PlannedCell, string>();
  const share = shared(cells.filter(({ stages, finished }) => finished < stages));
  await sideBySide(workers, signal, async (stop) => {
    for (let taken = share.take(); taken && !stop.aborted; taken = share.take()) {
      const cell = taken;
      try {
        await train(cell, folder, { ...options, source, signal: stop });
        share.done(cell);
      } catch (error) {
        share.done(cell);
        // Of two workers on one run both may see why it fails.
        if (failures.has(cell)) continue;
        const message = error instanceof Error ? error.message : String(error);
        failures.set(cell, message);
        onEvent?.({ type: 'failed', cell, message });
      }
    }
  });
  return { folder, cells, failures: [...failures].map(([cell, message]) => ({ cell, message })) };
}

/** Checks every experiment against its data, and sees what is done. */
async function plan(grid: Grid, folder: string, source: string) {
  const cells: PlannedCell[] = [];
  // Most grids have one, which takes longer to read than all the rest.
  const datasets = new Map<string, Dataset>();
  let bytes = 0;
  for (const cell of grid.cells) {
    const { experiment, label } = cell;
    const key = canonicalJson(experiment.dataset);
    const dataset = datasets.get(key) ?? (await loadDataset(experiment.dataset));
    datasets.set(key, dataset);
    checkAgainstDataset(experiment, dataset, `${source}, ${label}`);
    const size = estimate(experiment, networkOf(experiment, dataset));
    bytes += size.bytes;
    const path = runFolderPath({ root: folder, experiment, dataset });
    const finished = await finishedStages(path, experiment);
    cells.push({ ...cell, run: basename(path), stages: size.stages, finished });
  }
  return { cells, bytes };
}

/** Finished trainings of a run that are asked for; none where there is no run yet. */
async function finishedStages(path: string, { trials }: Experiment): Promise<number> {
  if (!(await isRun(path))) return 0;
  const { stages } = await readRun(path);
  return stages.filter(({ trial }) => trial <= trials).length;
}

/** Hands out experiments: those that nobody is at first, then those that have trials for another. */
function shared(cells: readonly PlannedCell[]) {
  const left = new Set(cells);
  const helpers = new Map<PlannedCell, number>();
  return {
    take(): PlannedCell | undefined {
      const at = (cell: PlannedCell) => helpers.get(cell) ?? 0;
      const next = [...left]
        .filter((cell) => at(cell) < cell.experiment.trials)
        .reduce<PlannedCell | undefined>(
          (best, cell) => (best && at(best) <= at(cell) ? best : cell),
          undefined,
        );
      if (next) helpers.set(next, at(next) + 1);
      return next;
    },
    /** It is finished, or nothing more can be done for it. */
    done(cell: PlannedCell): void {
      left.delete(cell);
    },
  };
}

async function train(
  cell: PlannedCell,
  folder: string,
  { source, signal, checkpointSeconds, onEvent }: RunGridOptions,
): Promise<void> {
  await runExperiment({
    experiment: cell.experiment,
    root: folder,
    workers: 1,
    source: `${source ?? ''}, ${cell.label}`,
    ...(signal ? { signal } : {}),
    ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
    onEvent: (event) => onEvent?.({ type: 'training', cell, event }),
  });
}
