import { shuffledMasks } from '../../pruning/shuffle.js';
import type { Branch } from './branch.js';

/**
 * The control for which units are joined: the iterative ticket of the same level with the units of every layer in
 * another order on both sides, so that as many units have as many weights, and the original initial weights.
 */
export const shuffledMask: Branch = {
  name: 'shuffled-mask',
  summary:
    'The ticket with the units of every layer in another order: do only the counts of each unit matter?',
  source: 'Frankle et al. 2021, "Pruning Neural Networks at Initialization: Why Are We Missing the Mark?"',
  needs: (level) => [{ branch: 'iterative', level }],
  prepare: async ({ level, seed, ticketOf }) => {
    const { masks, initial } = await ticketOf('iterative', level);
    return { masks: shuffledMasks(masks, seed, 'shuffled-mask', level), initial };
  },
};
