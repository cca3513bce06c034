import type { TrainingCost } from '@winning-tickets/train';
import { expect, test } from 'vitest';
import { trainabilityCaption, trainabilityTable } from '../../src/render/trainability-table.js';

const even = { mean: 2000, ratio: 1, interval: { low: 1, high: 1 } };
const dense: TrainingCost = {
  ...{ branch: 'iterative', level: 0, density: 1, trials: 3, reached: 3 },
  stepsToLoss: even,
  secondsToLoss: { ...even, mean: 4 },
  stepsToStop: even,
  secondsToStop: { ...even, mean: 4 },
  stepMicros: even,
  findingSeconds: 0,
  paysAfter: null,
};
const half = { mean: 1000, ratio: 0.5, interval: { low: 0.4, high: 0.61 } };
const ticket: TrainingCost = {
  ...dense,
  ...{ level: 3, density: 0.5128, stepsToLoss: half, secondsToLoss: { ...half, mean: 1.5 } },
  findingSeconds: 51,
  paysAfter: 20.4,
};
const tables = (...costs: readonly TrainingCost[]) =>
  trainabilityTable({ loss: null, costs, quickest: null, levelSeconds: 0, levelSecondsAtDense: 0 }).rows;

test('a level has means, and ratios to the dense network with their intervals', () => {
  const [, row] = tables(dense, ticket);
  expect(row).toEqual([
    ...['iterative', '51.28 %', '3', '1,000 (0.50, 0.40 to 0.61)', '1.5 s (0.50, 0.40 to 0.61)'],
    ...['2,000 (1.00, 1.00 to 1.00)', '2.00 ms (1.00, 1.00 to 1.00)', '51 s', '21 trainings'],
  ]);
});

test('the dense network pays for nothing, a slower one never, and one that misses the loss says so', () => {
  const slow = { ...ticket, paysAfter: null };
  const short = { ...slow, reached: 1, stepsToLoss: null, secondsToLoss: null };
  expect(tables(dense, slow, short).map((row) => [row[3]?.slice(0, 17), row.at(-1)])).toEqual([
    ['2,000 (1.00, 1.00', '–'],
    ['1,000 (0.50, 0.40', 'never'],
    ['1 of 3 reach it', '–'],
  ]);
});

test('the caption says which is the quickest, what the loss is and what shorter steps saved, or lost', () => {
  const caption = (loss: number | null, levelSeconds: number) =>
    trainabilityCaption({ loss, costs: [], quickest: ticket, levelSeconds, levelSecondsAtDense: 100 });
  expect(caption(null, 40)).toContain('dense network.\n');
  expect(caption(null, 40)).toContain('1 min saved');
  expect(caption(null, 40)).toContain('of 51.28 % is the quickest');
  expect(caption(0.1, 130)).toContain('a validation loss of 0.1.');
  expect(caption(0.1, 130)).toContain('30 s lost');
});
