import type { RunEvent } from '@winning-tickets/train';
import { describe, expect, test } from 'vitest';
import type { ProgressState } from '../../src/progress/progress-state.js';
import { advanceProgress, initialProgress, secondsLeft } from '../../src/progress/progress-state.js';
import { overallText, overviewOf, planText } from '../../src/render/progress.js';
import { manifest } from '../manifests.js';

function step(trial: number, level: number, done: number): RunEvent {
  const progress = {
    trial,
    branch: 'iterative' as const,
    level,
    step: done,
    iterations: 3000,
    density: 1,
    loss: 0.25,
  };
  return { type: 'progress', progress: { ...progress, validationAccuracy: 0.97 } };
}

function after(
  start: ProgressState,
  ...events: (readonly [seconds: number, event: RunEvent])[]
): ProgressState {
  return events.reduce((state, [seconds, event]) => advanceProgress(state, event, seconds * 1000), start);
}

const finished: RunEvent = {
  type: 'stage',
  manifest: manifest({ trial: 1, branch: 'iterative', level: 0, density: 1, accuracy: 0.98, iteration: 900 }),
};

describe('the time left', () => {
  test('is unknown until steps were seen for three seconds', () => {
    const start = initialProgress(2, 0, 3000);
    expect(secondsLeft(start)).toBeUndefined();
    expect(secondsLeft(after(start, [0, step(1, 0, 20)]))).toBeUndefined();
    expect(secondsLeft(after(start, [0, step(1, 0, 20)], [2, step(1, 0, 220)]))).toBeUndefined();
  });

  test('is what is left of all trainings at the pace of all', () => {
    const state = after(
      initialProgress(4, 1, 3000),
      [0, step(1, 0, 1000)],
      [0, step(2, 0, 0)],
      [5, step(1, 0, 1500)],
      [5, step(2, 0, 500)],
    );
    // 9,000 steps without the finished one, 2,000 of them begun; 1,000 steps took 5 s.
    expect(secondsLeft(state)).toBeCloseTo(35, 9);
  });

  test('does not count what a training had done before it went on', () => {
    const fresh = after(initialProgress(1, 0, 3000), [0, step(1, 0, 0)], [10, step(1, 0, 100)]);
    const resumed = after(initialProgress(1, 0, 3000), [0, step(1, 0, 2900)], [10, step(1, 0, 2950)]);
    expect(secondsLeft(fresh)).toBeCloseTo(290, 9);
    expect(secondsLeft(resumed)).toBeCloseTo(10, 9);
  });
});

test('a finished training is no longer active, and counts', () => {
  const state = after(
    initialProgress(2, 0, 3000),
    [0, step(1, 0, 20)],
    [9, finished],
    [9, { type: 'waiting' }],
  );
  expect(state.active.size).toBe(0);
  expect(state.finished).toBe(1);
  expect(overallText(overviewOf(state))).toBe('1 of 2 trainings done, 9 s left');
});

test('a line tells of every training that goes on', () => {
  const state = after(initialProgress(2, 0, 3000), [0, step(1, 0, 1200)]);
  expect(overallText(overviewOf(state))).toBe(
    '0 of 2 trainings done | trial 1, iterative, level 0: step 1,200 of 3,000, loss 0.2500, accuracy 97.00 %',
  );
});

test('the plan says how much there is to do, how long it takes and where it goes', () => {
  const size = { stages: 44, bytes: 150e6 };
  expect(planText(size, { done: 0, iterations: 3000, runs: 'runs', seconds: 180 })).toBe(
    '44 trainings of 3,000 steps, about 3 min, 150 MB in runs',
  );
  expect(planText(size, { done: 12, iterations: 3000, runs: 'runs' })).toBe(
    '32 of 44 trainings of 3,000 steps, 150 MB in runs',
  );
});
