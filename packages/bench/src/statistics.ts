import type { Latency, Ratio } from './result.js';

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

// Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom.
const studentT = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604,
  2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555,
  2.0518, 2.0484, 2.0452, 2.0423,
];
const normal = 1.959963985;

/**
 * The two-sided 95 % point of Student's t distribution.
 *
 * @param degrees degrees of freedom, an integer from 1. Above 30 from the expansion around the normal distribution
 *   (Abramowitz and Stegun 26.7.5), good to four decimals there.
 */
export function studentT95(degrees: number): number {
  const exact = studentT[degrees - 1];
  if (exact !== undefined) return exact;
  const z = normal;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}

/**
 * How many times the baseline's latency a model's latency is, with its 95 % interval.
 *
 * Both were measured once in every repeat, so the repeats are pairs: each gives one ratio of the two block medians,
 * and what slowed a whole repeat down cancels. The estimate is the geometric mean of these ratios; the interval is
 * Student's t on their logarithms, which is symmetric in who is compared with whom and honest for few repeats
 * (a bootstrap over 5 to 10 repeats is too narrow).
 *
 * @param blocks sample arrays of the model, one per repeat; `baseline` the same repeats of the baseline.
 * @throws RangeError when the numbers of repeats differ or are below 2.
 */
export function pairedRatio(
  blocks: readonly (readonly number[])[],
  baseline: readonly (readonly number[])[],
): Ratio {
  if (blocks.length !== baseline.length || blocks.length < 2) {
    throw new RangeError(
      `paired repeats must be as many and at least 2, found ${blocks.length} and ${baseline.length}`,
    );
  }
  const logs = blocks.map((block, repeat) => Math.log(median(block) / median(baseline[repeat] ?? [])));
  const center = mean(logs);
  const variance = logs.reduce((sum, log) => sum + (log - center) ** 2, 0) / (logs.length - 1);
  const margin = studentT95(logs.length - 1) * Math.sqrt(variance / logs.length);
  return { ratio: Math.exp(center), low: Math.exp(center - margin), high: Math.exp(center + margin) };
}
