import { stream } from '../rng.js';
import type { Design } from './families/family.js';
import type { Search } from './search.js';
import { familyDesigns } from './search.js';

/**
 * The designs that a search tries, in the order in which it tries them: each family's combinations in an order drawn
 * from the search's seed, the families taking turns until the budget is spent. So each family has the same share, a
 * family with fewer combinations gives what it does not need to the others, nothing is drawn twice, and a larger
 * budget adds to a smaller one.
 *
 * @throws Error as `familyDesigns` does
 */
export function drawCandidates(search: Search, source = `search '${search.name}'`): readonly Design[] {
  const orders = [...familyDesigns(search, source)].map(([family, designs]) => {
    const order = [...designs];
    stream(search.seed, 'candidates', family).shuffle(order);
    return order;
  });
  return inTurns(orders).slice(0, search.budget.candidates);
}

function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const rounds = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) =>
    lists.flatMap((list) => list.slice(round, round + 1)),
  ).flat();
}
