import { describe, expect, test } from 'vitest';
import type { TrainedStage } from '../../src/index.js';
import { trainability } from '../../src/index.js';
import { stageOf } from '../claims/claims.js';

/** A training of 100 steps, with the validation loss after every 10. */
function trained(
  key: Pick<TrainedStage, 'trial' | 'branch' | 'level'>,
  losses: readonly number[],
  { stepMicros = 1000, seconds = 1, density = 0.8 ** key.level } = {},
): TrainedStage {
  const least = Math.min(...losses);
  const evaluations = losses.map((validationLoss, index) => ({
    iteration: 10 * (index + 1),
    validationLoss,
    validationAccuracy: 0.9,
    trainingLoss: 0.1,
  }));
  const iteration = evaluations.find(({ validationLoss }) => validationLoss === least)?.iteration ?? 0;
  const history = { schema: 1 as const, evaluations };
  return { ...stageOf({ ...key, density, iteration }), iterations: 100, stepMicros, seconds, history };
}

const dense = (trial: number, losses = [3, 2, 1, 1.5]) =>
  trained({ trial, branch: 'iterative', level: 0 }, losses, { seconds: 5 });
const ticket = (trial: number, level: number, losses: readonly number[], stepMicros = 500) =>
  trained({ trial, branch: 'iterative', level }, losses, { stepMicros, seconds: 3 });
const costsOf = (...stages: readonly TrainedStage[]) => trainability(stages).costs;

describe('what training costs', () => {
  test('is counted to the least loss of the dense network of the same trial', () => {
    const [first, second] = costsOf(dense(1), ticket(1, 1, [2, 1, 0.9, 0.8]));
    expect(first).toMatchObject({ level: 0, reached: 1, stepsToLoss: { mean: 30, ratio: 1 } });
    expect(second).toMatchObject({
      level: 1,
      stepsToLoss: { mean: 20, ratio: 2 / 3, interval: null },
      stepsToStop: { mean: 40, ratio: 4 / 3 },
      stepMicros: { mean: 500, ratio: 0.5 },
    });
    expect(second?.secondsToLoss?.mean).toBeCloseTo(20 * 500e-6, 12);
    expect(second?.secondsToLoss?.ratio).toBeCloseTo(1 / 3, 12);
  });

  test('or to a loss that is asked for', () => {
    const stages = [dense(1), ticket(1, 1, [2, 1, 0.9, 0.8])];
    expect(trainability(stages, 2).costs[1]?.stepsToLoss).toMatchObject({ mean: 10, ratio: 0.5 });
    expect(trainability(stages, 2).loss).toBe(2);
    expect(trainability(stages).loss).toBeNull();
  });

  test('has no steps to the loss where a trial does not come so far: the others alone would flatter', () => {
    const [, both] = costsOf(dense(1), dense(2), ticket(1, 1, [1, 1, 1, 1]), ticket(2, 1, [2, 2, 2, 2]));
    expect(both).toMatchObject({
      trials: 2,
      reached: 1,
      stepsToLoss: null,
      secondsToLoss: null,
      paysAfter: null,
    });
  });

  test('counts who comes to a loss that the dense network does not reach, without steps to compare', () => {
    const [whole, ticketed] = trainability([dense(1), ticket(1, 1, [2, 0.5])], 0.7).costs;
    expect(whole).toMatchObject({ reached: 0, stepsToLoss: null });
    expect(ticketed).toMatchObject({ reached: 1, trials: 1, stepsToLoss: null, secondsToLoss: null });
  });

  test('pairs trials: where all ratios are equal the interval is a point', () => {
    const even = [dense(1), dense(2), dense(3, [2, 1])];
    const tickets = [ticket(1, 1, [3, 2, 0.5]), ticket(2, 1, [3, 2, 1]), ticket(3, 1, [3, 0.5])];
    const [, both] = costsOf(...even, ...tickets);
    expect(both?.stepsToLoss?.ratio).toBe(1);
    const range = both?.stepsToLoss?.interval;
    expect([range?.low, range?.high]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)]);
  });

  test('has no interval where the trials do not tell the ratio from none', () => {
    const steps = (trial: number, stepMicros: number) =>
      trained({ trial, branch: 'iterative', level: 0 }, [1], { stepMicros });
    const noisy = [steps(1, 1000), steps(2, 3000), steps(3, 9000)];
    const [, level] = costsOf(
      ...noisy,
      ticket(1, 1, [1], 9000),
      ticket(2, 1, [1], 3000),
      ticket(3, 1, [1], 1000),
    );
    expect(level?.stepMicros.ratio).toBe(1);
    expect(level?.stepMicros.interval).toBeNull();
  });

  test('leaves out trials without a dense network', () => {
    expect(costsOf(dense(1), ticket(1, 1, [1]), ticket(2, 1, [1])).map(({ trials }) => trials)).toEqual([
      1, 1,
    ]);
    expect(costsOf(ticket(1, 1, [1]))).toEqual([]);
  });
});

test('the quickest is the iterative ticket with the fewest steps to the loss, if they are fewer than dense', () => {
  const control = trained({ trial: 1, branch: 'one-shot', level: 1 }, [1]);
  const quickest = (...stages: readonly TrainedStage[]) => trainability(stages).quickest?.level;
  expect(quickest(dense(1), ticket(1, 1, [2, 1]), ticket(1, 2, [1]), control)).toBe(2);
  expect(quickest(dense(1), ticket(1, 1, [3, 2, 1]), control)).toBeUndefined();
});

describe('what finding costs', () => {
  const levels = [dense(1), ticket(1, 1, [2, 1]), ticket(1, 2, [1, 1])];

  test('is every training that must come before, once', () => {
    expect(costsOf(...levels).map(({ findingSeconds }) => findingSeconds)).toEqual([0, 5, 8]);
  });

  test('of a control is what its branch needs', () => {
    const oneShot = trained({ trial: 1, branch: 'one-shot', level: 2 }, [1]);
    const reinit = trained({ trial: 1, branch: 'random-reinit', level: 1 }, [1]);
    const costs = costsOf(...levels, oneShot, reinit);
    expect(costs.find(({ branch }) => branch === 'one-shot')?.findingSeconds).toBe(5);
    expect(costs.find(({ branch }) => branch === 'random-reinit')?.findingSeconds).toBe(8);
  });

  test('is not known where one of them is not there', () => {
    expect(costsOf(dense(1), ticket(1, 2, [1]))[1]?.findingSeconds).toBeNull();
  });

  test('has paid after as many trainings as save it, and never where nothing is saved', () => {
    // 30 steps of 1 ms against 10 of 0.5 ms: 25 ms a training, of 5 s.
    const [, fast, slow] = costsOf(dense(1), ticket(1, 1, [1]), ticket(1, 2, [9, 9, 9, 9, 9, 9, 1]));
    expect(fast?.paysAfter).toBeCloseTo(5 / 0.025, 6);
    expect(slow?.paysAfter).toBeNull();
  });
});

test('what shorter steps save is counted over the pruned levels', () => {
  const { levelSeconds, levelSecondsAtDense } = trainability([
    dense(1),
    ticket(1, 1, [1], 500),
    ticket(1, 2, [1], 250),
    trained({ trial: 1, branch: 'random-mask', level: 1 }, [1], { stepMicros: 1 }),
  ]);
  expect(levelSeconds).toBeCloseTo(100 * (500e-6 + 250e-6), 12);
  expect(levelSecondsAtDense).toBeCloseTo(100 * 2000e-6, 12);
});
