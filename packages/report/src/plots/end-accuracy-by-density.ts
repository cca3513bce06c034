import type { BranchLevels } from '../branches.js';
import { plotByDensity } from './by-density.js';
import type { Figure } from './figure.js';

/** Test accuracy at the end of training against density. */
export function endAccuracyByDensity(branches: readonly BranchLevels[]): Figure | undefined {
  return plotByDensity(
    {
      id: 'plot-end-accuracy',
      title: 'Test accuracy at the end of training against density',
      axis: 'test accuracy (%)',
      of: ({ metrics }) => metrics.end.testAccuracy * 100,
      text: (value) => `${value.toFixed(2)} %`,
      caption: 'Accuracy after the last iteration, without early stopping.',
    },
    branches,
  );
}
