import type { Criterion } from './criterion.js';

/** The magnitude at the end of training (Han et al. 2015; Frankle & Carbin 2019). */
export const magnitude: Criterion = {
  name: 'magnitude',
  summary: 'the largest weights at the end of training survive',
  items: 'weights',
  scores: ({ trained }) => trained.map(Math.abs),
};
