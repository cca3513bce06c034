import { z } from 'zod';
import { ladder, survivorsAtDensity } from '../../pruning/ladder.js';
import { phaseStarts, pruningAt } from '../../pruning/phases.js';
import { prune, pruneTo } from '../../pruning/prune.js';
import type { Branch } from './branch.js';

const options = z.strictObject({
  density: z
    .number()
    .gt(0)
    .lt(1)
    .exactOptional()
    .describe('share of the weights to keep, at one level; by default that of the ladder'),
});

/**
 * The control for iterating: the dense network, trained once, is pruned straight to the weights that the ladder leaves
 * at the level, and reset to its initial values. With a criterion at initialisation this is pruning as its paper has it: from
 * the whole network, which nothing has trained. What comes later (`pruning.later`) follows round by round, without a training
 * in between.
 */
export const oneShot: Branch<z.output<typeof options>> = {
  name: 'one-shot',
  summary:
    'The dense network, trained once, pruned straight to the level or to any density: is iterating needed?',
  source: 'Frankle & Carbin 2019, section 2, strategy of one round',
  options,
  problem: ({ density }, _experiment, levels) =>
    density !== undefined && levels.length !== 1
      ? `has a density of its own, which it trains once: give one level to call it by, found ${levels.length}`
      : undefined,
  needs: () => [{ branch: 'iterative', level: 0 }],
  prepare: async ({ experiment: { pruning }, network, level, seed, scoring, ticketOf }, { density }) => {
    const { masks, trained, initial } = await ticketOf('iterative', 0);
    const at = [seed, 'one-shot', level] as const;
    const round = { trained, initial, masks, network, pruning, scoring, seed: at } as const;
    if (density !== undefined) {
      return { masks: await pruneTo(round, survivorsAtDensity(network, pruning, density)), initial };
    }
    const [, next = Infinity] = phaseStarts(pruning);
    const last = Math.min(level, next - 1);
    const rung = ladder(network, { ...pruning, levels: last })[last];
    if (!rung) throw new RangeError(`one-shot pruning needs a level of at least 0, found ${level}`);
    let found = await pruneTo(round, rung.survivors);
    for (let later = last + 1; later <= level; later++)
      found = await prune({ ...round, masks: found, pruning: pruningAt(pruning, later) });
    return { masks: found, initial };
  },
};
