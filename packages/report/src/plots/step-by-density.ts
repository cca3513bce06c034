import type { BranchLevels } from '../branches.js';
import { microsText } from '../format.js';
import { plotByDensity } from './by-density.js';
import type { Figure } from './figure.js';

/** Time of a training step against density. */
export function stepByDensity(branches: readonly BranchLevels[]): Figure | undefined {
  return plotByDensity(
    {
      id: 'plot-step',
      title: 'Time of a training step against density',
      axis: 'microseconds per step, median of a training',
      of: ({ stepMicros }) => stepMicros,
      text: microsText,
      caption: 'Wall time while the run was made, with all that the machine did besides.',
    },
    branches,
  );
}
