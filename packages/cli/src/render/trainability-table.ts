import type { Compared, Trainability, TrainingCost } from '@winning-tickets/train';
import { durationText, percent, unknown, whole } from './format.js';
import type { Table } from './table.js';

/** What trainings cost, a row for each branch and level; ratios are to the dense network of the same trials. */
export function trainabilityTable({ costs }: Trainability): Table {
  return {
    headers: [
      'branch',
      'weights left',
      'trials',
      'steps to the loss',
      'time to it',
      'steps to early stop',
      'step',
      'found in',
      'pays after',
    ],
    rows: costs.map((cost) => [
      cost.branch,
      percent(cost.density),
      `${cost.trials}`,
      cost.reached < cost.trials
        ? `${cost.reached} of ${cost.trials} reach it`
        : comparedText(cost.stepsToLoss, whole),
      comparedText(cost.secondsToLoss, secondsText),
      comparedText(cost.stepsToStop, whole),
      comparedText(cost.stepMicros, (micros) => `${(micros / 1000).toPrecision(3)} ms`),
      cost.findingSeconds === null ? unknown : durationText(cost.findingSeconds),
      paybackText(cost),
    ]),
  };
}

/** What the columns say. */
export function trainabilityCaption({
  loss,
  quickest,
  levelSeconds,
  levelSecondsAtDense,
}: Trainability): string {
  const saved = levelSecondsAtDense - levelSeconds;
  return [
    quickest
      ? `The iterative ticket of ${percent(quickest.density)} is the quickest to the loss.`
      : 'No iterative ticket comes to the loss in fewer steps than the dense network.',
    loss === null
      ? "The loss is the least validation loss of the same trial's dense network."
      : `The loss is a validation loss of ${loss}.`,
    'In brackets, ratios to the dense network, with 95 % intervals over the trials. Times are without evaluations.',
    '“found in” is the time of the trainings that must come before; “pays after”, how many trainings to the loss save as much.',
    `The steps of all pruned levels took ${durationText(levelSeconds)}; at the dense network's pace, ` +
      `${durationText(levelSecondsAtDense)}: ${saved >= 0 ? `${durationText(saved)} saved` : `${durationText(-saved)} lost`}.`,
  ].join('\n');
}

function comparedText(compared: Compared | null, text: (mean: number) => string): string {
  if (!compared) return unknown;
  const { mean, ratio, interval } = compared;
  const range = interval ? `, ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}` : '';
  return `${text(mean)} (${ratio.toFixed(2)}${range})`;
}

function secondsText(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : durationText(seconds);
}

function paybackText({ level, paysAfter, secondsToLoss }: TrainingCost): string {
  if (level === 0 || !secondsToLoss) return unknown;
  return paysAfter === null ? 'never' : `${whole(Math.ceil(paysAfter))} trainings`;
}
