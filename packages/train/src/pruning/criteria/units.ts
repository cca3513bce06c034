import type { TrainedCriterion } from './criterion.js';

/**
 * Whole units and filters, by the norm of their incoming weights (Li et al. 2017, "Pruning Filters for Efficient
 * ConvNets", who take the sum of magnitudes; here it is the Euclidean norm). What is left is a smaller dense network.
 */
export const units: TrainedCriterion = {
  name: 'units',
  summary:
    'whole units and filters survive, those with the largest norm of incoming weights; never an output',
  at: 'end',
  items: 'units',
  scores: ({ trained }) => trained.map(Math.abs),
};
