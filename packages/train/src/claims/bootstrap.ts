import type { Stream } from '../rng.js';
import type { Interval, Pair } from './estimators.js';

const resamples = 2000;

/**
 * The 95 % percentile interval of the paired bootstrap: trials are drawn with replacement, each with both its values
 * (Efron and Tibshirani 1993, chapter 13). Undefined of fewer than two pairs, and where an effect is not finite. Of five
 * trials it is too narrow; Student's interval is the one to decide by.
 */
export function bootstrapInterval(
  pairs: readonly Pair[],
  effect: (pairs: readonly Pair[]) => number,
  stream: Stream,
): Interval | undefined {
  if (pairs.length < 2) return undefined;
  const effects = Float64Array.from({ length: resamples }, () =>
    effect(pairs.map((pair) => pairs[stream.integer(pairs.length)] ?? pair)),
  ).sort();
  const [low = NaN, high = NaN] = [effects[resamples * 0.025 - 1], effects[resamples * 0.975]];
  return effects.every(Number.isFinite) ? { low, high } : undefined;
}
