import type { Crossover } from '@winning-tickets/bench';
import type { CrossoverPoint } from './crossing-forms.js';
import { formsAt } from './crossing-forms.js';

// Round numbers of a processor of today with one thread; a map's own pace corrects them.
const SECONDS_PER_WEIGHT_WRITTEN = 1e-6;
const OPERATIONS_PER_SECOND = 5e10;

/** Calls of a model at each batch size and repeat, however long they take. */
const FEWEST_CALLS = 7;

/** Unpruned, unpruned again, and the empty graph. */
const BESIDES = 3;

/**
 * About how long one width and density takes: the masks to write, and for each form, batch size and repeat a warm-up and a block, or as
 * many calls as there are at least.
 */
export function secondsOf(
  { width, density }: CrossoverPoint,
  { batches, repeats, seeds, blockMillis, provider, threads }: Crossover['options'],
): number {
  const weights = width ** 2;
  const speed = provider === 'cpu' ? OPERATIONS_PER_SECOND * threads : Infinity;
  const timed = batches.map((batch) => {
    const calls = (FEWEST_CALLS * 2 * weights * batch) / speed;
    return (
      (formsAt({ width, density }, batch).length + BESIDES) * Math.max((2.1 * blockMillis) / 1000, calls)
    );
  });
  return seeds * weights * SECONDS_PER_WEIGHT_WRITTEN + repeats * timed.reduce((sum, one) => sum + one, 0);
}
