import type { Stability } from '@winning-tickets/train';
import { decimal, densityText, percentage, whole } from '../format.js';
import type { Html } from '../html.js';
import { barriersByStep } from '../stability.js';
import { mean } from '../statistics.js';
import { table } from './table.js';

/** Barriers and distances by step and density. */
export function stabilityTable(stability: Stability): Html {
  const range = ({ mean: middle, min, max }: { mean: number; min: number; max: number }) =>
    `${decimal(middle)} [${decimal(min)}, ${decimal(max)}]`;
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
