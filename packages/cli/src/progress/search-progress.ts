import type { FamilyName, PlannedCandidate, SearchEvent, StageProgress } from '@winning-tickets/train';
import { scoreText } from '../render/progress.js';
import type { Overview } from './view.js';

/** Where a search stands, as its events tell. */
export interface SearchProgress {
  /** Candidates that have not ended. */
  readonly left: readonly PlannedCandidate[];
  readonly expected: number;
  readonly workers: number;
  /** Where each candidate in training was last seen, and when, in milliseconds. */
  readonly active: ReadonlyMap<PlannedCandidate, { readonly progress: StageProgress; readonly at: number }>;
  /** How long steps take: families differ by more than an order of magnitude. */
  readonly paces: ReadonlyMap<FamilyName, { readonly steps: number; readonly millis: number }>;
}

export function initialSearchProgress({
  candidates,
  ended,
  workers,
}: {
  readonly candidates: readonly PlannedCandidate[];
  readonly ended: ReadonlySet<PlannedCandidate>;
  readonly workers: number;
}): SearchProgress {
  const left = candidates.filter((candidate) => !ended.has(candidate));
  return { left, expected: candidates.length, workers, active: new Map(), paces: new Map() };
}

/** The state after an event. @param now milliseconds of any clock that only goes forward */
export function advanceSearch(state: SearchProgress, told: SearchEvent, now: number): SearchProgress {
  const { candidate } = told;
  const active = new Map(state.active);
  if (told.type === 'ended') {
    active.delete(candidate);
    return { ...state, active, left: state.left.filter((one) => one !== candidate) };
  }
  if (told.event.type !== 'progress') return state;
  const { progress } = told.event;
  const before = state.active.get(candidate);
  active.set(candidate, { progress, at: now });
  if (before?.progress.trial !== progress.trial) return { ...state, active };
  const { family } = candidate.design;
  const { steps = 0, millis = 0 } = state.paces.get(family) ?? {};
  const pace = { steps: steps + progress.step - before.progress.step, millis: millis + now - before.at };
  return { ...state, active, paces: new Map(state.paces).set(family, pace) };
}

/** What a person sees of it. */
export function searchOverview(state: SearchProgress): Overview {
  return {
    noun: 'candidate',
    finished: state.expected - state.left.length,
    expected: state.expected,
    secondsLeft: secondsLeft(state),
    active: [...state.active].map(([{ experiment }, { progress }]) => ({
      name: experiment.trials > 1 ? `${experiment.name}, trial ${progress.trial}` : experiment.name,
      step: progress.step,
      iterations: progress.iterations,
      score: scoreText(progress),
    })),
  };
}

/** Seconds until the search is done; undefined until the pace of every family that is left is known. */
function secondsLeft({ left, workers, active, paces }: SearchProgress): number | undefined {
  const seconds = left.map((candidate) => {
    const { steps = 0, millis = 0 } = paces.get(candidate.design.family) ?? {};
    return steps === 0 ? undefined : (stepsLeft(candidate, active) * millis) / steps / 1000;
  });
  return seconds.includes(undefined)
    ? undefined
    : seconds.reduce<number>((sum, one = 0) => sum + one, 0) / workers;
}

function stepsLeft(candidate: PlannedCandidate, active: SearchProgress['active']): number {
  const { iterations, trials } = candidate.experiment;
  const { trial = 1, step = 0 } = active.get(candidate)?.progress ?? {};
  return iterations * (trials - trial + 1) - step;
}
