import { intersection as intersectionOf } from '@winning-tickets/ticket';
import { joinedMasks, trialsOption } from './joined.js';
import type { Branch } from './branch.js';

/** Weights that the iterative tickets of all of the first trials keep, from the initial weights of its own trial. */
export const intersection: Branch<{ trials: number }> = {
  name: 'intersection',
  summary: 'Weights that the tickets of all of some trials keep, from the initial weights of its own trial.',
  source:
    'Paganini & Forde 2020, "On Iterative Neural Network Pruning, Reinitialization, and the Similarity of Masks"',
  ...trialsOption,
  prepare: (context, { trials }) => joinedMasks(context, trials, intersectionOf),
};
