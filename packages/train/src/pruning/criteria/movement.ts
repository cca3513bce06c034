import type { Criterion } from './criterion.js';

/** How far training has moved a weight ("movement" of Zhou et al. 2019, "Deconstructing Lottery Tickets"). */
export const movement: Criterion = {
  name: 'movement',
  summary: 'the weights that training moved furthest survive',
  items: 'weights',
  scores: ({ trained, initial }) =>
    trained.map((weight, index) => Math.abs(weight - (initial[index] ?? NaN))),
};
