import type { GridRun } from '@winning-tickets/train';
import { join } from 'node:path';
import type { LoadedGrid } from '../experiment-file.js';
import { gridWithProgress } from '../gridding.js';
import { interruptible } from '../interrupts.js';
import { counted } from '../render/format.js';
import { note, print, printJson } from '../terminal.js';

/** What both commands that train a grid are told. */
export interface TrainGridOptions {
  readonly runs: string;
  readonly workers?: number | undefined;
  readonly json?: true | undefined;
}

/** Trains a grid and says how it ended; failures make the process fail once all else is done. */
export async function trainGrid(loaded: LoadedGrid, options: TrainGridOptions): Promise<GridRun> {
  const { runs, workers, json } = options;
  loaded.notes.forEach(note);
  const result = await interruptible((signal) => gridWithProgress({ ...loaded, runs, workers, signal }));
  const { folder, cells, failures } = result;
  if (json) {
    printJson({
      schema: 1,
      grid: folder,
      experiments: cells.map(({ label, values, run }) => ({ label, values, run: join(folder, run) })),
      failures: failures.map(({ cell, message }) => ({ label: cell.label, message })),
    });
  } else {
    print(`Grid: ${folder}`);
  }
  if (failures.length > 0) {
    note(
      `${counted(failures.length, 'experiment')} of ${cells.length} failed: ` +
        `${failures.map(({ cell }) => cell.label).join('; ')}; the same command tries them again`,
    );
    process.exitCode = 1;
  }
  return result;
}
