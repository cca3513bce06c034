import type { TrainedCriterion } from './criterion.js';

/** Chance, as the control that training decides anything: how many in each layer is a matter of the scope. */
export const random: TrainedCriterion = {
  name: 'random',
  summary: 'weights drawn at random survive',
  at: 'end',
  items: 'weights',
  scores: ({ trained, random: stream }) => trained.map(() => stream.uniform()),
};
