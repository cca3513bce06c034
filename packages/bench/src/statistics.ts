import type { Latency, Ratio } from './result.js';
import type { Confidence } from './student-t.js';
import { studentT } from './student-t.js';

/**
 * The quantile of values that ascend, `share` from 0 (minimum) to 1 (maximum): linear between the two nearest order
 * statistics, definition 7 of Hyndman and Fan, "Sample quantiles in statistical packages" (1996); the default of
 * NumPy and R.
 *
 * @throws RangeError when there are no values.
 */
export function quantile(ascending: readonly number[], share: number): number {
  const position = (ascending.length - 1) * share;
  const index = Math.floor(position);
  const below = ascending[index];
  if (below === undefined) throw new RangeError('a quantile needs at least one value');
  const above = ascending[index + 1] ?? below;
  return below + (position - index) * (above - below);
}

/** The values in ascending order. */
export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** The middle value, or the mean of the two middle ones. @throws RangeError when there are no values. */
export function median(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

/** Arithmetic mean. @throws RangeError when there are no values. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('a mean needs at least one value');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Median, tails and mean of latencies, over the samples of all blocks together. */
export function summarize(samplesMicros: readonly (readonly number[])[]): Latency {
  const sorted = ascending(samplesMicros.flat());
  return {
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    mean: mean(sorted),
  };
}

/**
 * How many times the baseline's latency a model's latency is, with an interval.
 *
 * Both were measured once in every repeat, so the repeats are pairs: each gives one ratio of the two block medians,
 * and what slowed a whole repeat down cancels. The estimate is the geometric mean of these ratios; the interval is
 * Student's t on their logarithms, which is symmetric in who is compared with whom and honest for few repeats
 * (a bootstrap over 5 to 10 repeats is too narrow).
 *
 * @param blocks sample arrays of the model, one per repeat; `baseline` the same repeats of the baseline.
 * @param confidence of the interval, by default 95 %
 * @throws RangeError when the numbers of repeats differ or are below 2.
 */
export function pairedRatio(
  blocks: readonly (readonly number[])[],
  baseline: readonly (readonly number[])[],
  confidence: Confidence = 0.95,
): Ratio {
  if (blocks.length !== baseline.length || blocks.length < 2) {
    throw new RangeError(
      `paired repeats must be as many and at least 2, found ${blocks.length} and ${baseline.length}`,
    );
  }
  return ratioOfMedians(blocks.map(median), baseline.map(median), confidence);
}

/**
 * The same ratio after what an empty call costs is taken from both sides, repeat by repeat: what the models' own work
 * costs. Null where either side does not stand clear of the empty call in every repeat, so that nothing is left to compare.
 *
 * @param floor sample arrays of the empty graph in the same repeats
 */
export function pairedRatioAboveFloor(
  blocks: readonly (readonly number[])[],
  baseline: readonly (readonly number[])[],
  floor: readonly (readonly number[])[],
): Ratio | null {
  if (floor.length !== blocks.length) return null;
  const costs = floor.map(median);
  const above = (side: readonly (readonly number[])[]) =>
    side.map((block, repeat) => median(block) - (costs[repeat] ?? NaN));
  const [own, other] = [above(blocks), above(baseline)];
  return [...own, ...other].every((micros) => micros > 0) ? ratioOfMedians(own, other, 0.95) : null;
}

function ratioOfMedians(own: readonly number[], other: readonly number[], confidence: Confidence): Ratio {
  const logs = own.map((micros, repeat) => Math.log(micros / (other[repeat] ?? NaN)));
  const center = mean(logs);
  const variance = logs.reduce((sum, log) => sum + (log - center) ** 2, 0) / (logs.length - 1);
  const margin = studentT(logs.length - 1, confidence) * Math.sqrt(variance / logs.length);
  return { ratio: Math.exp(center), low: Math.exp(center - margin), high: Math.exp(center + margin) };
}
