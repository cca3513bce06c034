import type { PlannedCandidate, SearchEvent } from '@winning-tickets/train';
import { expect, test } from 'vitest';
import { advanceSearch, initialSearchProgress, searchOverview } from '../../src/progress/search-progress.js';

function candidate(name: string, family: string, iterations: number): PlannedCandidate {
  return { design: { family }, experiment: { name, iterations, trials: 1 } } as unknown as PlannedCandidate;
}

const slow = candidate('cnn-1', 'cnn', 100);
const slower = candidate('cnn-2', 'cnn', 200);
const quick = candidate('linear-1', 'linear', 900);

function step(of: PlannedCandidate, done: number): SearchEvent {
  const { iterations } = of.experiment;
  const place = { trial: 1, branch: 'iterative', level: 0 } as const;
  const progress = { ...place, step: done, iterations, density: 1, loss: 0.5, validationAccuracy: 0.9 };
  return { type: 'training', candidate: of, event: { type: 'progress', progress } };
}

function after(...events: (readonly [seconds: number, event: SearchEvent])[]) {
  const start = initialSearchProgress({ candidates: [slow, slower, quick], ended: new Set(), workers: 2 });
  return searchOverview(events.reduce((state, [at, event]) => advanceSearch(state, event, at * 1000), start));
}

test('the time left takes each family at its own pace, and is unknown until all paces are known', () => {
  const known = [
    [0, step(slow, 0)],
    [0, step(quick, 0)],
    [10, step(slow, 10)],
  ] as const;
  expect(after(...known).secondsLeft).toBeUndefined();
  // 90 and 200 steps of 1 s and 0 of 10 ms, on two workers.
  expect(after(...known, [9, step(quick, 900)]).secondsLeft).toBeCloseTo(145, 9);
});

test('a candidate that has ended counts and is no longer active', () => {
  const outcome = { type: 'diverged', candidate: {} } as unknown as Extract<
    SearchEvent,
    { type: 'ended' }
  >['outcome'];
  const { finished, expected, active } = after(
    [0, step(slow, 5)],
    [1, { type: 'ended', candidate: slow, outcome }],
  );
  expect({ finished, expected, active }).toEqual({ finished: 1, expected: 3, active: [] });
});

test('each training has the name of its candidate', () => {
  expect(after([0, step(quick, 5)]).active).toEqual([
    { name: 'linear-1', step: 5, iterations: 900, score: 'loss 0.5000, accuracy 90.00 %' },
  ]);
});
