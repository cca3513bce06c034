import type { TrainedCriterion } from './criterion.js';

/** How far training has moved a weight ("movement" of Zhou et al. 2019, "Deconstructing Lottery Tickets"). */
export const movement: TrainedCriterion = {
  name: 'movement',
  summary: 'the weights that training moved furthest survive',
  at: 'end',
  items: 'weights',
  scores: ({ trained, initial }) =>
    trained.map((weight, index) => Math.abs(weight - (initial[index] ?? NaN))),
};
