import type { RunEvent, StageProgress } from '@winning-tickets/train';

/** Where a run stands, as its events tell. */
export interface ProgressState {
  /** All stages of the run. */
  readonly expected: number;
  /** Stages that are finished. */
  readonly finished: number;
  /** Steps of one stage. */
  readonly iterations: number;
  /** Stages in training, by their label. */
  readonly active: ReadonlyMap<string, StageProgress>;
  /** Steps that were seen done. */
  readonly steps: number;
  /** When the first and the latest steps were seen, milliseconds. */
  readonly since: number | undefined;
  readonly latest: number;
}

/** Shorter than this, the pace is not known yet. */
const CALIBRATION_MILLIS = 3000;

export function initialProgress(expected: number, finished: number, iterations: number): ProgressState {
  return { expected, finished, iterations, active: new Map(), steps: 0, since: undefined, latest: 0 };
}

/** The state after an event. @param now milliseconds of any clock that only goes forward */
export function advanceProgress(state: ProgressState, event: RunEvent, now: number): ProgressState {
  if (event.type !== 'progress' && event.type !== 'stage') return state;
  const current = event.type === 'progress' ? event.progress : event.manifest;
  const key = stageKey(current);
  const before = state.active.get(key);
  const active = new Map(state.active);
  if (event.type === 'progress') active.set(key, event.progress);
  else active.delete(key);
  const step = event.type === 'progress' ? event.progress.step : event.manifest.iterations;
  return {
    ...state,
    active,
    finished: state.finished + (event.type === 'stage' ? 1 : 0),
    // Where a training was when it was first seen is not known to have been done now: it may have gone on.
    steps: state.steps + (before ? step - before.step : 0),
    since: state.since ?? now,
    latest: now,
  };
}

/** Seconds until the run is done at the pace so far; undefined while that is not known. */
export function secondsLeft({
  expected,
  finished,
  iterations,
  active,
  ...pace
}: ProgressState): number | undefined {
  const { steps, since, latest } = pace;
  if (since === undefined || steps === 0 || latest - since < CALIBRATION_MILLIS) return undefined;
  const begun = [...active.values()].reduce((sum, { step }) => sum + step, 0);
  const left = (expected - finished) * iterations - begun;
  return (left * (latest - since)) / 1000 / steps;
}

/** The same for events of the same stage. */
export function stageKey({
  trial,
  branch,
  level,
}: Pick<StageProgress, 'trial' | 'branch' | 'level'>): string {
  return `trial ${trial}, ${branch}, level ${level}`;
}
