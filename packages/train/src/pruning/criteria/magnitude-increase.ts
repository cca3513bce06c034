import type { TrainedCriterion } from './criterion.js';

/** By how much training has made a weight larger ("magnitude increase" of Zhou et al. 2019, the best beside magnitude). */
export const magnitudeIncrease: TrainedCriterion = {
  name: 'magnitude-increase',
  summary: 'the weights whose magnitude grew most survive',
  at: 'end',
  items: 'weights',
  scores: ({ trained, initial }) =>
    trained.map((weight, index) => Math.abs(weight) - Math.abs(initial[index] ?? NaN)),
};
