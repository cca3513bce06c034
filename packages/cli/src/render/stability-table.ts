import type { Stability } from '@winning-tickets/train';
import { percent } from './format.js';
import type { Table } from './table.js';

/** Barriers, a row for each pair of copies; and the overlap of masks, where there are several trials. */
export function stabilityTables({ cells, overlaps }: Stability): Table[] {
  const barriers: Table = {
    headers: [
      'trial',
      'masks',
      'weights left',
      'parted at',
      'barrier, test',
      'barrier, training',
      'copies apart',
    ],
    rows: cells.map(({ trial, branch, density, step, barriers: { testError, trainError }, distances }) => [
      String(trial),
      branch,
      percent(density),
      `step ${step}`,
      pointsText(testError),
      pointsText(trainError),
      distances.apart.toFixed(2),
    ]),
  };
  const masks: Table = {
    headers: ['masks of trials', 'weights left', 'shared', 'by chance'],
    rows: overlaps.map(({ trials, density, shared, byChance }) => [
      trials.join(' and '),
      percent(density),
      percent(shared),
      percent(byChance),
    ]),
  };
  return [barriers, masks].filter(({ rows }) => rows.length > 0);
}

function pointsText(share: number): string {
  return `${(100 * share).toFixed(2)} points`;
}
