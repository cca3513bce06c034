import type { Branch } from './branch.js';
import { trainedWeights } from './trained-weights.js';

/**
 * Learning-rate rewinding: weights stay as they were trained, the schedule of rates is played again from its beginning. The
 * optimizer and the batches begin anew, too. With a constant rate this is `fine-tuned`.
 *
 * One round of it: the level before was trained from initial weights, as in every branch here, where the paper goes on from
 * its own last round.
 */
export const rateRewound: Branch = {
  name: 'rate-rewound',
  summary:
    'The ticket with the trained weights it was pruned from, trained through the whole schedule of rates again: is it weights or ' +
    'rates that must be reset? With a constant rate it is the same as `fine-tuned`.',
  source:
    'Renda, Frankle & Carbin 2020, "Comparing Rewinding and Fine-tuning in Neural Network Pruning", learning rate rewinding',
  needs: trainedWeights.needs,
  prepare: trainedWeights.start,
};
