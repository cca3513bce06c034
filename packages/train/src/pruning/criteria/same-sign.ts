import type { TrainedCriterion } from './criterion.js';

/**
 * The magnitude at the end of training of weights that kept their sign; those that changed it go first ("large final, same
 * sign" of Zhou et al. 2019).
 */
export const sameSign: TrainedCriterion = {
  name: 'same-sign',
  summary: 'the largest weights that kept their initial sign survive',
  at: 'end',
  items: 'weights',
  scores: ({ trained, initial }) => trained.map((weight, index) => weight * Math.sign(initial[index] ?? NaN)),
};
