import type { GridEvent, PreparedGrid, StageProgress } from '@winning-tickets/train';
import { scoreText } from '../render/progress.js';
import { stageKey } from './progress-state.js';
import type { Overview } from './view.js';

/** Where a grid stands, as its events tell. */
export interface GridProgress {
  /** All trainings of all experiments, and how many of them are finished. */
  readonly expected: number;
  readonly finished: number;
  readonly workers: number;
  /** Trainings in progress, by experiment and stage. */
  readonly active: ReadonlyMap<string, StageProgress>;
  /** Wall time of those that were finished now. */
  readonly seconds: readonly number[];
}

export function initialGridProgress({
  cells,
  workers,
}: Pick<PreparedGrid, 'cells' | 'workers'>): GridProgress {
  return {
    expected: cells.reduce((sum, { stages }) => sum + stages, 0),
    finished: cells.reduce((sum, { finished }) => sum + finished, 0),
    workers,
    active: new Map(),
    seconds: [],
  };
}

/** The state after an event. */
export function advanceGrid(state: GridProgress, told: GridEvent): GridProgress {
  const active = new Map(state.active);
  if (told.type === 'failed') {
    const own = `${told.cell.label}: `;
    for (const name of active.keys()) if (name.startsWith(own)) active.delete(name);
    return { ...state, active };
  }
  const { cell, event } = told;
  if (event.type === 'progress') {
    active.set(`${cell.label}: ${stageKey(event.progress)}`, event.progress);
    return { ...state, active };
  }
  if (event.type !== 'stage') return state;
  active.delete(`${cell.label}: ${stageKey(event.manifest)}`);
  return {
    ...state,
    active,
    finished: state.finished + 1,
    seconds: [...state.seconds, event.manifest.seconds],
  };
}

/** What a person sees of it. */
export function gridOverview({ expected, finished, workers, active, seconds }: GridProgress): Overview {
  const mean = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
  return {
    noun: 'training',
    finished,
    expected,
    secondsLeft: seconds.length === 0 ? undefined : ((expected - finished) * mean) / workers,
    active: [...active].map(([name, progress]) => ({
      name,
      step: progress.step,
      iterations: progress.iterations,
      score: scoreText(progress),
    })),
  };
}
