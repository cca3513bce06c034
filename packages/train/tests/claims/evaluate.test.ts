import { describe, expect, test } from 'vitest';
import { evaluateClaim } from '../../src/claims/evaluate.js';
import type { StageManifest } from '../../src/store/stage.js';
import { experimentOf } from '../support/stages.js';
import { claimOf, stageOf } from './claims.js';

const experiment = experimentOf();

const evaluate = (stages: readonly StageManifest[], changes: Parameters<typeof claimOf>[0] = {}) =>
  evaluateClaim({ experiment, stages }, claimOf(changes));

/** A dense network and a ticket of half of the weights in each trial, with the accuracies given. */
function trials(...accuracies: readonly (readonly [dense: number, ticket: number])[]): StageManifest[] {
  return accuracies.flatMap(([dense, ticket], index) => [
    stageOf({ trial: index + 1, branch: 'iterative', level: 0, density: 1, accuracy: dense }),
    stageOf({ trial: index + 1, branch: 'iterative', level: 3, density: 0.5, accuracy: ticket }),
  ]);
}

/** The same with early stops. */
function stops(...iterations: readonly (readonly [dense: number, ticket: number])[]): StageManifest[] {
  return iterations.flatMap(([dense, ticket], index) => [
    stageOf({ trial: index + 1, branch: 'iterative', level: 0, density: 1, iteration: dense }),
    stageOf({ trial: index + 1, branch: 'iterative', level: 3, density: 0.5, iteration: ticket }),
  ]);
}

const better = trials([0.9, 0.95], [0.8, 0.86], [0.85, 0.9]);
const mixed = trials([0.9, 0.95], [0.9, 0.85], [0.9, 0.91]);

describe('a claim', () => {
  test('holds where the interval lies where it says', () => {
    expect(evaluate(better)).toMatchObject({ outcome: 'holds', reason: null, level: 3, trials: 3 });
  });

  test('does not hold where the interval lies elsewhere', () => {
    expect(evaluate(better, { direction: 'below' })).toMatchObject({ outcome: 'does not hold' });
    expect(evaluate(better, { boundary: 0.2 })).toMatchObject({ outcome: 'does not hold' });
    expect(evaluate(better, { direction: 'within', tolerance: 0.01 }).outcome).toBe('does not hold');
  });

  test('is undecided where the interval contains the boundary, also where every trial is even', () => {
    const reason = 'the interval contains the boundary';
    expect(evaluate(mixed)).toMatchObject({ outcome: 'undecided', reason });
    expect(evaluate(trials([0.5, 0.5], [0.5, 0.5]))).toMatchObject({ outcome: 'undecided', reason });
  });

  test('is undecided of one trial, which still has an effect', () => {
    const found = evaluate(trials([0.5, 0.75]));
    expect(found).toMatchObject({ outcome: 'undecided', reason: 'one trial has no interval', trials: 1 });
    expect(found.estimates).toEqual([
      { estimator: 'difference', effect: 0.25, interval: null, bootstrap: null },
    ]);
  });

  test('is undecided where its quantity was not measured', () => {
    expect(evaluate(better, { quantity: 'test-macro-f1' })).toMatchObject({
      outcome: 'undecided',
      reason: 'test-macro-f1 was not measured in every trial',
      estimates: [],
    });
  });

  test('compares a trial with itself: what makes a whole trial better cancels', () => {
    // Between trials accuracies differ by far more than within one.
    const { estimates } = evaluate(trials([0.1, 0.11], [0.5, 0.511], [0.9, 0.91]));
    expect(estimates[0]?.interval?.low).toBeGreaterThan(0);
  });
});

describe('where a claim is looked at', () => {
  const at = (trial: number, level: number, density: number, branch: StageManifest['branch'] = 'iterative') =>
    stageOf({ trial, branch, level, density });
  const both = (...stages: readonly (readonly [number, number, StageManifest['branch']?])[]) =>
    [1, 2].flatMap((trial) => stages.map(([level, density, branch]) => at(trial, level, density, branch)));

  test('is the level of the nearest density by ratio', () => {
    // By difference 0.36 would be the nearer to both.
    const stages = both([0, 1], [1, 0.8], [2, 0.36]);
    expect(evaluate(stages, { density: 0.55 })).toMatchObject({ level: 1, density: 0.8 });
    expect(evaluate(stages, { density: 0.5 })).toMatchObject({ level: 2, density: 0.36 });
  });

  test('has both sides: a control at the same level', () => {
    const stages = both([0, 1], [1, 0.5], [2, 0.4], [2, 0.4, 'random-mask']);
    expect(evaluate(stages)).toMatchObject({ level: 1 });
    expect(evaluate(stages, { against: 'random-mask' })).toMatchObject({ level: 2, trials: 2 });
  });

  test('has the control itself beside the dense network', () => {
    const stages = both([0, 1], [1, 0.5], [2, 0.4], [2, 0.4, 'random-mask']);
    expect(evaluate(stages, { branch: 'random-mask' })).toMatchObject({ level: 2, trials: 2 });
  });

  test('is nowhere without a control, and not at a density of another kind', () => {
    const stages = both([0, 1], [5, 0.1]);
    expect(evaluate(stages, { against: 'one-shot' })).toMatchObject({
      outcome: 'undecided',
      reason: 'no trial has iterative and one-shot to compare',
      level: null,
    });
    expect(evaluate(stages)).toMatchObject({ outcome: 'undecided', density: 0.1, trials: 0 });
  });
});

describe('a ratio of early stops', () => {
  const ratio = {
    quantity: 'early-stop-iteration',
    estimator: 'ratio-of-means',
    direction: 'below',
    boundary: 1,
  } as const;
  const earlier = stops([80, 40], [90, 50], [70, 35]);

  test("comes in both kinds, the claim's own first, which decides", () => {
    const { outcome, estimates } = evaluate(earlier, ratio);
    expect(outcome).toBe('holds');
    expect(estimates.map(({ estimator }) => estimator)).toEqual(['ratio-of-means', 'mean-of-ratios']);
    expect(estimates[0]?.effect).toBeCloseTo(125 / 240, 12);
    expect(estimates[1]?.effect).toBeCloseTo((40 / 80 + 50 / 90 + 35 / 70) / 3, 12);
    const turned = evaluate(earlier, { ...ratio, estimator: 'mean-of-ratios' }).estimates;
    expect(turned.map(({ estimator }) => estimator)).toEqual(['mean-of-ratios', 'ratio-of-means']);
  });

  test('decides nothing where a training was cut off before its loss turned', () => {
    expect(evaluate(stops([100, 40], [90, 50], [70, 35]), ratio)).toMatchObject({
      outcome: 'undecided',
      reason: 'in 1 of 3 trials an early stop may lie beyond the last step',
    });
  });

  test('over a stop at step 0 has no interval', () => {
    expect(evaluate(stops([0, 40], [0, 50]), ratio)).toMatchObject({
      outcome: 'undecided',
      reason: 'the ratio has no interval',
    });
  });
});
