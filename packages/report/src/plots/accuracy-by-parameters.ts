import type { SearchResult } from '@winning-tickets/train';
import { whole } from '../format.js';
import { plotByCost } from './accuracy-by-cost.js';

/** Validation accuracy against the size of the network. */
export function accuracyByParameters(result: SearchResult) {
  return plotByCost(
    {
      id: 'plot-parameters',
      title: 'Accuracy by parameters',
      axis: 'thousands of parameters (log scale)',
      of: ({ parameters }) => parameters / 1000,
      text: ({ parameters }) => `${whole(parameters)} parameters`,
      caption: 'All numbers that a network learns, embedding and biases included.',
    },
    result,
  );
}
