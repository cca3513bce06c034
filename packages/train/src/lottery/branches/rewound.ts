import { z } from 'zod';
import type { Branch } from './branch.js';

const options = z.strictObject({
  step: z.coerce.number().int().min(1).describe('step of the dense training that weights are reset to'),
});

/**
 * The mask of the iterative ticket of the same level over the dense network as it was after some steps: weights, what the
 * optimizer keeps, and batches go on from there. Networks that are too large for resetting to the very beginning have
 * winning tickets when reset to an early step.
 */
export const rewound: Branch<z.output<typeof options>> = {
  name: 'rewound',
  summary: 'The mask of the ticket over the dense network of an early step, which training goes on from.',
  source: 'Frankle et al. 2020, "Linear Mode Connectivity and the Lottery Ticket Hypothesis"',
  options,
  problem: ({ step }, { iterations }) =>
    step >= iterations
      ? `goes on from step ${step}, but a training has ${iterations}: give an earlier one`
      : undefined,
  needs: (level) => [{ branch: 'iterative', level }],
  prepare: async ({ level, ticketOf, denseAt }, { step }) => {
    const { masks } = await ticketOf('iterative', level);
    const from = await denseAt(step);
    return { masks, initial: from.parameters, from };
  },
};
