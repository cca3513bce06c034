import type { Masks } from '@winning-tickets/ticket';
import { z } from 'zod';
import type { Experiment } from '../../experiment.js';
import { initializeParameters } from '../../initialize.js';
import type { BranchContext, NeededStage, StageStart } from './branch.js';

const options = z.strictObject({
  trials: z.coerce.number().int().min(2).describe('trials, from the first, whose masks are joined'),
});

/** What branches that join the masks of trials have in common. */
export const trialsOption = {
  options,
  problem: ({ trials }: { readonly trials: number }, experiment: Experiment) =>
    trials > experiment.trials
      ? `joins ${trials} trials, but the experiment has ${experiment.trials}: add trials, or join fewer`
      : undefined,
  needs: (level: number, { trials }: { readonly trials: number }): NeededStage[] =>
    Array.from({ length: trials }, (_, index) => ({ trial: index + 1, branch: 'iterative', level })),
};

/** The masks of the first trials joined, weight by weight, and the initial weights of the trial itself. */
export async function joinedMasks(
  { network, level, seed, ticketOf }: BranchContext,
  trials: number,
  join: (a: Masks, b: Masks) => Masks,
): Promise<StageStart> {
  const [first, ...others] = await Promise.all(
    Array.from({ length: trials }, async (_, index) => (await ticketOf('iterative', level, index + 1)).masks),
  );
  if (!first) throw new RangeError(`masks of ${trials} trials cannot be joined`);
  return { masks: others.reduce(join, first), initial: initializeParameters(network, seed, 'init') };
}
