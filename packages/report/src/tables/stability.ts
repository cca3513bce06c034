import type { Stability } from '@winning-tickets/train';
import { decimal, densityText, percentage, unknown, whole } from '../format.js';
import type { ComparedRun } from '../input.js';
import type { Html } from '../html.js';
import { type BarrierRow, barriersByStep } from '../stability-means.js';
import { mean } from '../statistics.js';
import { table } from './table.js';

/** Barriers and distances by step and density. */
export function stabilityTable(stability: Stability): Html {
  return table(
    'table-stability',
    'Error barriers in points: the worst network between two copies, less the mean of both. Brackets span the trials. ' +
      'Distances are Euclidean, over all weights.',
    [
      { heading: 'Weights left', cell: ({ label }) => label },
      { heading: 'Parted at step', cell: ({ step }) => whole(step) },
      { heading: 'Trials', cell: ({ trials }) => whole(trials) },
      { heading: 'Barrier, test', note: 'points', cell: ({ testError }) => range(testError) },
      { heading: 'Barrier, training', note: 'points', cell: ({ trainError }) => range(trainError) },
      { heading: 'Copies apart', cell: ({ apart }) => decimal(apart) },
      { heading: 'Each came', cell: ({ travelled }) => decimal(travelled) },
    ],
    barriersByStep(stability),
  );
}

/** Test error barriers of several runs, by the step at which copies part. */
export function comparedBarriers(runs: readonly (ComparedRun & { readonly stability: Stability })[]): Html {
  const rows = runs.flatMap(({ label: run, stability }) => {
    const barriers = barriersByStep(stability);
    return [...new Set(barriers.map(({ label }) => label))].map((label) => ({
      run,
      label,
      bySteps: new Map(
        barriers.filter((row) => row.label === label).map(({ step, testError }) => [step, testError]),
      ),
    }));
  });
  const steps = [...new Set(rows.flatMap(({ bySteps }) => [...bySteps.keys()]))].sort((a, b) => a - b);
  return table(
    'table-stability',
    'Error barriers over the test samples in points, by the step at which two copies part; brackets span the trials.',
    [
      { heading: 'Run', cell: ({ run }) => run },
      { heading: 'Weights left', cell: ({ label }) => label },
      ...steps.map((step) => ({
        heading: `From step ${whole(step)}`,
        cell: ({ bySteps }: (typeof rows)[number]) => {
          const barrier = bySteps.get(step);
          return barrier ? range(barrier) : unknown;
        },
      })),
    ],
    rows,
  );
}

function range({ mean: middle, min, max }: BarrierRow['testError']): string {
  return `${decimal(middle)} [${decimal(min)}, ${decimal(max)}]`;
}

/** How far the masks of trials agree, level by level. */
export function overlapTable({ overlaps }: Stability): Html {
  const levels = [...new Set(overlaps.map(({ level }) => level))].sort((a, b) => a - b);
  return table(
    'table-overlap',
    'Weights that the masks of two trials share, of those that either has; means over the pairs of trials.',
    [
      { heading: 'Weights left', cell: ({ density }) => densityText(density) },
      { heading: 'Pairs', cell: ({ pairs }) => whole(pairs) },
      { heading: 'Shared', note: '%', cell: ({ shared }) => percentage(shared) },
      { heading: 'By chance', note: '%', cell: ({ byChance }) => percentage(byChance) },
    ],
    levels.map((level) => {
      const own = overlaps.filter((row) => row.level === level);
      const over = (of: (row: (typeof own)[number]) => number) => mean(own.map(of));
      return {
        density: over(({ density }) => density),
        pairs: own.length,
        shared: over(({ shared }) => shared),
        byChance: over(({ byChance }) => byChance),
      };
    }),
  );
}
