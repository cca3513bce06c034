import type { BranchContext, NeededStage, StageStart } from './branch.js';

/** What branches that keep the trained weights have in common. */
export const trainedWeights = {
  needs: (level: number): NeededStage[] => [
    { branch: 'iterative', level },
    { branch: 'iterative', level: level - 1 },
  ],
  /** The mask of the iterative ticket of the level over the weights that it was pruned from: those at the end of the level before. */
  start: async ({ level, ticketOf }: BranchContext): Promise<StageStart> => {
    const { masks } = await ticketOf('iterative', level);
    const { trained } = await ticketOf('iterative', level - 1);
    return { masks, initial: trained };
  },
};
