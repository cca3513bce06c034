import type { Branch } from './branch.js';

/**
 * The mask of the iterative ticket of the same level over the weights that it was pruned from: those at the end of the level
 * before. Training begins anew, at step 0, so with a schedule of rates this is learning-rate rewinding.
 */
export const fineTuned: Branch = {
  name: 'fine-tuned',
  summary:
    'The ticket with the trained weights it was pruned from, instead of its initial ones, trained as long as any: is resetting needed?',
  source: 'Renda et al. 2020, learning-rate rewinding; Han et al. 2015',
  needs: (level) => [
    { branch: 'iterative', level },
    { branch: 'iterative', level: level - 1 },
  ],
  prepare: async ({ level, ticketOf }) => {
    const { masks } = await ticketOf('iterative', level);
    const { trained } = await ticketOf('iterative', level - 1);
    return { masks, initial: trained };
  },
};
