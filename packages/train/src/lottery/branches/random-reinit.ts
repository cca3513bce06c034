import { initializeParameters } from '../../initialize.js';
import type { Branch } from './branch.js';

/**
 * The paper's control for the initial weights: the structure of the iterative ticket of the same level, with weights
 * drawn anew, others at every level.
 */
export const randomReinit: Branch = {
  name: 'random-reinit',
  summary: 'The mask of the ticket with initial weights drawn anew: are the initial weights what matters?',
  source: 'Frankle & Carbin 2019, section 2',
  needs: (level) => [{ branch: 'iterative', level }],
  prepare: async ({ network, level, seed, ticketOf }) => {
    const { masks } = await ticketOf('iterative', level);
    return { masks, initial: initializeParameters(network, seed, 'reinit', level) };
  },
};
