import type { SearchResult } from '@winning-tickets/train';
import { microsText } from '../format.js';
import { plotByCost } from './accuracy-by-cost.js';

/** Validation accuracy against the time of a step of training. */
export function accuracyByStepTime(result: SearchResult) {
  return plotByCost(
    {
      id: 'plot-step-time',
      title: 'Accuracy by time of a step',
      axis: 'milliseconds per step (log scale)',
      of: ({ stepMicros }) => stepMicros / 1000,
      text: ({ stepMicros }) => microsText(stepMicros),
      caption: 'Median wall time of a training step, as it was while other candidates trained beside it.',
    },
    result,
  );
}
