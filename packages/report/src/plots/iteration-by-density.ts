import type { BranchLevels } from '../branches.js';
import { whole } from '../format.js';
import { plotByDensity } from './by-density.js';
import type { Figure } from './figure.js';

/** Iteration of the early stop against density. */
export function iterationByDensity(branches: readonly BranchLevels[], suffix = ''): Figure | undefined {
  return plotByDensity(
    {
      id: `plot-iteration${suffix}`,
      title: 'Early-stop iteration against density',
      axis: 'iteration of lowest validation loss',
      of: ({ metrics }) => metrics.best.iteration,
      text: (value) => `iteration ${whole(value)}`,
      caption: 'The iteration of lowest validation loss: lower learns faster.',
    },
    branches,
  );
}
