import type { BranchLevels } from '../branches.js';
import { plotByDensity } from './by-density.js';
import type { Figure } from './figure.js';

/** Accuracy and macro-F1 closer than this tell the same: classes are of one size, or all are predicted alike. */
const DIFFERENCE = 0.02;

/**
 * Macro-F1 on the test samples at early stop against density, for data with rare classes. Undefined where it says what
 * accuracy says, and of runs from before it was measured.
 */
export function macroF1ByDensity(branches: readonly BranchLevels[]): Figure | undefined {
  const differs = branches.some(({ levels }) =>
    levels.some(({ stages }) =>
      stages.some(
        ({ metrics: { best } }) =>
          best.testMacroF1 !== undefined && Math.abs(best.testAccuracy - best.testMacroF1) > DIFFERENCE,
      ),
    ),
  );
  if (!differs) return undefined;
  return plotByDensity(
    {
      id: 'plot-macro-f1',
      title: 'Macro-F1 at early stop against density',
      axis: 'test macro-F1 (%)',
      of: ({ metrics }) => (metrics.best.testMacroF1 ?? NaN) * 100,
      text: (value) => `${value.toFixed(2)} %`,
      caption: 'Every class counts the same, however rare it is.',
    },
    branches,
  );
}
