import type { BranchLevels } from '../branches.js';
import { plotByDensity } from './by-density.js';
import type { Figure } from './figure.js';

/** Test accuracy at early stop against density. */
export function accuracyByDensity(branches: readonly BranchLevels[], suffix = ''): Figure | undefined {
  return plotByDensity(
    {
      id: `plot-accuracy${suffix}`,
      title: 'Test accuracy at early stop against density',
      axis: 'test accuracy (%)',
      of: ({ metrics }) => metrics.best.testAccuracy * 100,
      text: (value) => `${value.toFixed(2)} %`,
      caption: 'Accuracy with the weights of the iteration of lowest validation loss.',
    },
    branches,
  );
}
