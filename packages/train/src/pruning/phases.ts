import type { PruningSpec } from '../experiment.js';

/** The levels from which on weights are pruned differently, the first one among them: ascending, from 1. */
export function phaseStarts({ later = [] }: Pick<PruningSpec, 'later'>): readonly number[] {
  return [1, ...later.map(({ from }) => from)];
}

/** How a level is made of the one before it, from 1: the last of `pruning.later` that begins there or earlier. */
export function pruningAt(pruning: PruningSpec, level: number): PruningSpec {
  const phase = pruning.later?.findLast(({ from }) => from <= level);
  if (!phase) return pruning;
  const { from: _, ...rest } = phase;
  return { ...pruning, ...rest };
}
