import type { Ratio } from './result.js';
import { pairedRatio } from './statistics.js';

/** What a benchmark claims of a model beside the baseline. */
export type Verdict = 'faster' | 'slower' | 'same';

/** A smaller difference than this one is not worth a claim, however sure it is. */
const LEAST_EFFECT = 0.02;

/**
 * Whether a model is faster or slower than the baseline. It is called so only when three things hold: the 99.9 % interval
 * of the ratio is clear of 1; it is clear of what the baseline shows against itself too; and the ratio is at least
 * 2 % away from 1. So that of models without a difference at most one in a thousand is called faster or slower.
 *
 * @param blocks sample arrays of the model, one per repeat, and of the baseline in the same repeats
 * @param noise the ratio of the baseline to itself
 */
export function verdictOf(
  blocks: readonly (readonly number[])[],
  baseline: readonly (readonly number[])[],
  noise: Ratio | null,
): Verdict {
  const { ratio, low, high } = pairedRatio(blocks, baseline, 0.999);
  if (high < Math.min(1, noise?.low ?? 1) && ratio <= 1 - LEAST_EFFECT) return 'faster';
  if (low > Math.max(1, noise?.high ?? 1) && ratio >= 1 + LEAST_EFFECT) return 'slower';
  return 'same';
}
