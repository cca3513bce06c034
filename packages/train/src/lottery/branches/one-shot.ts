import { ladder } from '../../pruning/ladder.js';
import { pruneMagnitudeTo } from '../../pruning/magnitude.js';
import type { Branch } from './branch.js';

/**
 * The control for iterating: the dense network, trained once, is pruned straight to the weights that the ladder leaves
 * at the level, and reset to its initial values.
 */
export const oneShot: Branch = {
  name: 'one-shot',
  needs: () => [{ branch: 'iterative', level: 0 }],
  prepare: async ({ experiment: { pruning }, network, level, ticketOf }) => {
    const { masks, trained, initial } = await ticketOf('iterative', 0);
    const rung = ladder(network, { ...pruning, levels: level })[level];
    if (!rung) throw new RangeError(`one-shot pruning needs a level of at least 0, found ${level}`);
    return { masks: pruneMagnitudeTo({ trained, masks, network, pruning }, rung.survivors), initial };
  },
};
