import { fullMasks } from '@winning-tickets/ticket';
import { initializeParameters } from '../../initialize.js';
import { pruningAt } from '../../pruning/phases.js';
import { prune } from '../../pruning/prune.js';
import type { Branch } from './branch.js';

/**
 * Iterative pruning with resetting (Frankle & Carbin 2019, strategy 1): train, prune a share of the weights that the
 * criterion values least, reset the rest to their initial values, and again. A criterion at initialisation
 * scores the initial weights that are left.
 */
export const iterative: Branch = {
  name: 'iterative',
  summary: 'Train, prune, reset to the initial weights, and again.',
  source: 'Frankle & Carbin 2019, strategy 1',
  needs: (level) => (level === 0 ? [] : [{ branch: 'iterative', level: level - 1 }]),
  prepare: async ({ experiment, network, level, seed, scoring, ticketOf }) => {
    if (level === 0) {
      return { masks: fullMasks(network), initial: initializeParameters(network, seed, 'init') };
    }
    const { masks, trained, initial } = await ticketOf('iterative', level - 1);
    const pruning = pruningAt(experiment.pruning, level);
    const round = { trained, initial, masks, network, pruning, scoring, seed: [seed, level] } as const;
    return { masks: await prune(round), initial };
  },
};
