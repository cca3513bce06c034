import type { Compared, Trainability } from '@winning-tickets/train';
import { branchLabel } from '../branches.js';
import { decimal, densityText, durationText, microsText, unknown, whole } from '../format.js';
import type { Html } from '../html.js';
import { table } from './table.js';

/** What it costs to train each branch at each level, and to find it. */
export function trainabilityTable({ loss, costs }: Trainability): Html {
  const target =
    loss === null
      ? 'the least validation loss of the same trial’s dense network'
      : `a validation loss of ${loss}`;
  return table(
    'table-trainability',
    `The loss is ${target}. In brackets, ratios to the dense network with 95 % intervals, paired over the trials. Times are those ` +
      'of the steps, without evaluations, while the run was made.',
    [
      { heading: 'Branch', cell: ({ branch }) => branchLabel(branch) },
      { heading: 'Weights left', cell: ({ density }) => densityText(density) },
      { heading: 'Reach the loss', note: 'trials', cell: ({ reached, trials }) => `${reached} of ${trials}` },
      { heading: 'Steps to the loss', cell: ({ stepsToLoss }) => comparedText(stepsToLoss, whole) },
      { heading: 'Time to the loss', cell: ({ secondsToLoss }) => comparedText(secondsToLoss, durationText) },
      {
        heading: 'Time to early stop',
        cell: ({ secondsToStop }) => comparedText(secondsToStop, durationText),
      },
      { heading: 'Step', cell: ({ stepMicros }) => comparedText(stepMicros, microsText) },
      {
        heading: 'Found in',
        note: 'trainings before',
        cell: ({ findingSeconds }) => durationText(findingSeconds),
      },
      {
        heading: 'Pays after',
        note: 'trainings to the loss',
        cell: ({ level, paysAfter, secondsToLoss }) =>
          level === 0 || !secondsToLoss
            ? unknown
            : paysAfter === null
              ? 'never'
              : whole(Math.ceil(paysAfter)),
      },
    ],
    costs,
  );
}

function comparedText(compared: Compared | null, text: (mean: number) => string): string {
  if (!compared) return unknown;
  const { mean, ratio, interval } = compared;
  const range = interval ? `; ${decimal(interval.low)}–${decimal(interval.high)}` : '';
  return `${text(mean)} (${decimal(ratio)}${range})`;
}
