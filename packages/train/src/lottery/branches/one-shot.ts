import { ladder } from '../../pruning/ladder.js';
import { phaseStarts, pruningAt } from '../../pruning/phases.js';
import { prune, pruneTo } from '../../pruning/prune.js';
import type { Branch } from './branch.js';

/**
 * The control for iterating: the dense network, trained once, is pruned straight to the weights that the ladder leaves
 * at the level, and reset to its initial values. With a criterion at initialisation this is pruning as its paper has it: from
 * the whole network, which nothing has trained. What comes later (`pruning.later`) follows round by round, without a training
 * in between.
 */
export const oneShot: Branch = {
  name: 'one-shot',
  needs: () => [{ branch: 'iterative', level: 0 }],
  prepare: async ({ experiment: { pruning }, network, level, seed, scoring, ticketOf }) => {
    const { masks, trained, initial } = await ticketOf('iterative', 0);
    const [, next = Infinity] = phaseStarts(pruning);
    const last = Math.min(level, next - 1);
    const rung = ladder(network, { ...pruning, levels: last })[last];
    if (!rung) throw new RangeError(`one-shot pruning needs a level of at least 0, found ${level}`);
    const at = [seed, 'one-shot', level] as const;
    const round = { trained, initial, masks, network, pruning, scoring, seed: at } as const;
    let found = await pruneTo(round, rung.survivors);
    for (let later = last + 1; later <= level; later++)
      found = await prune({ ...round, masks: found, pruning: pruningAt(pruning, later) });
    return { masks: found, initial };
  },
};
