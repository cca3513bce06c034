import type { TrainedCriterion } from './criterion.js';

/** Inputs of the first layer, by the norm of the weights that they feed: pixels, words or channels that go unread. */
export const inputs: TrainedCriterion = {
  name: 'inputs',
  summary: 'inputs of the first layer survive, those with the largest norm of outgoing weights',
  at: 'end',
  items: 'inputs',
  scores: ({ trained }) => trained.map(Math.abs),
};
