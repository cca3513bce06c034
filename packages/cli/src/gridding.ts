import type { GridEvent, GridRun, PreparedGrid } from '@winning-tickets/train';
import { runGrid } from '@winning-tickets/train';
import type { LoadedGrid } from './experiment-file.js';
import { advanceGrid, gridOverview, initialGridProgress } from './progress/grid-progress.js';
import { progressView } from './progress/progress-view.js';
import { bytesText, counted } from './render/format.js';
import { finishedText } from './render/progress.js';

export interface GriddingOptions extends LoadedGrid {
  /** The folder that all runs are in. */
  readonly runs: string;
  readonly workers: number | undefined;
  readonly signal: AbortSignal;
}

/** Trains a grid, or what is left of it, and shows how that goes on standard error. */
export async function gridWithProgress({
  grid,
  source,
  runs,
  workers,
  signal,
}: GriddingOptions): Promise<GridRun> {
  const view = progressView();
  let state = initialGridProgress({ cells: [], workers: 1 });
  const onAbort = () => {
    view.note('stopping, and saving what was done; Ctrl-C again stops at once');
  };
  signal.addEventListener('abort', onAbort);
  const tell = (told: GridEvent) => {
    state = advanceGrid(state, told);
    if (told.type === 'failed') view.note(`${told.cell.label}: ${told.message}`);
    else if (told.event.type === 'stage')
      view.finished(`${told.cell.label}: ${finishedText(told.event.manifest)}`);
    else if (told.event.type === 'notice') view.note(`${told.cell.label}: ${told.event.message}`);
    view.update(gridOverview(state));
  };
  try {
    return await runGrid({
      ...{ grid, source, signal, root: runs },
      ...(workers === undefined ? {} : { workers }),
      onPrepared: (prepared) => {
        view.note(planOf(prepared));
        state = initialGridProgress(prepared);
      },
      onEvent: tell,
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    view.stop();
  }
}

function planOf({ folder, cells, workers, bytes }: PreparedGrid): string {
  const stages = cells.reduce((sum, cell) => sum + cell.stages, 0);
  const done = cells.reduce((sum, cell) => sum + cell.finished, 0);
  const left = done === 0 ? '' : `, ${stages - done} left`;
  return (
    `${folder}: ${counted(cells.length, 'experiment')}, ${counted(stages, 'training')} in all${left}, ` +
    `${bytesText(bytes)}, ${workers} at a time`
  );
}
