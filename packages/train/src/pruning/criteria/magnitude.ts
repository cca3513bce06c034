import type { TrainedCriterion } from './criterion.js';

/** The magnitude at the end of training (Han et al. 2015; Frankle & Carbin 2019). */
export const magnitude: TrainedCriterion = {
  name: 'magnitude',
  summary: 'the largest weights at the end of training survive',
  at: 'end',
  items: 'weights',
  scores: ({ trained }) => trained.map(Math.abs),
};
