import { transferMasks } from '../../pruning/transfer.js';
import { initializeParameters } from '../../initialize.js';
import type { Branch } from './branch.js';

/**
 * A ticket found elsewhere: the masks of the same trial and level of the run that `transfer` names, fitted to this
 * network (see `transferMasks`), with this trial's own initial weights.
 */
export const transferred: Branch = {
  name: 'transferred',
  summary:
    'The mask of the same trial and level of another run, fitted to this network: does it hold for other data?',
  source: 'Morcos et al. 2019',
  needs: () => [],
  prepare: async ({ network, level, seed, vocabulary, transferredFrom }) => {
    if (!transferredFrom) throw new Error("branch 'transferred' needs a run to take its masks from");
    const found = await transferredFrom(level);
    return {
      masks: transferMasks(found, { network, vocabulary }, seed, 'transferred', level),
      initial: initializeParameters(network, seed, 'init'),
    };
  },
};
