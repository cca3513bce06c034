import { randomMasks } from '../../pruning/random.js';
import type { Branch } from './branch.js';

/**
 * The control for the structure: the original initial weights, with as many survivors in every parameter as the
 * iterative ticket of the same level has, but at random positions, others at every level.
 */
export const randomMask: Branch = {
  name: 'random-mask',
  summary:
    'As many survivors in every layer as the ticket has, at random positions: is the structure what matters?',
  source: 'Frankle & Carbin 2019, section 2',
  needs: (level) => [{ branch: 'iterative', level }],
  prepare: async ({ level, seed, ticketOf }) => {
    const { masks, initial } = await ticketOf('iterative', level);
    return { masks: randomMasks(masks, seed, 'random-mask', level), initial };
  },
};
