import { union as unionOf } from '@winning-tickets/ticket';
import { joinedMasks, trialsOption } from './joined.js';
import type { Branch } from './branch.js';

/** Weights that the iterative ticket of any of the first trials keeps, from the initial weights of its own trial. */
export const union: Branch<{ trials: number }> = {
  name: 'union',
  summary: 'Weights that the ticket of any of some trials keeps, from the initial weights of its own trial.',
  source:
    'Paganini & Forde 2020, "On Iterative Neural Network Pruning, Reinitialization, and the Similarity of Masks"',
  ...trialsOption,
  prepare: (context, { trials }) => joinedMasks(context, trials, unionOf),
};
