/** A mean with its 95 % confidence interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Mean and range of some values. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** Arithmetic mean; undefined of no values. */
export function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean, smallest and largest value; undefined of no values. */
export function spread(values: readonly number[]): Spread | undefined {
  const center = mean(values);
  if (center === undefined) return undefined;
  const min = Math.min(...values);
  const max = Math.max(...values);
  // Rounding may carry a mean of equal values past them.
  return { count: values.length, mean: Math.min(max, Math.max(min, center)), min, max };
}

// Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook of Statistical
// Methods, table 1.3.6.7.2, column 0.975).
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/**
 * The two-sided 95 % point of Student's t distribution, to three decimals.
 *
 * @param degrees degrees of freedom, an integer from 1; above 30 from the first terms of the expansion around the
 *   normal distribution (Abramowitz and Stegun 1964, 26.7.5)
 */
export function studentT95(degrees: number): number {
  const z = 1.959964;
  return (
    quantiles[degrees - 1] ??
    z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2)
  );
}

/**
 * The mean with Student's two-sided 95 % interval, for independent values from a roughly normal distribution;
 * undefined of fewer than two values.
 */
export function interval95(values: readonly number[]): Interval | undefined {
  const center = mean(values);
  if (center === undefined || values.length < 2) return undefined;
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
  const margin = studentT95(values.length - 1) * Math.sqrt(variance / values.length);
  return { mean: center, low: center - margin, high: center + margin };
}

/** Values by trial. */
export type ByTrial = ReadonlyMap<number, number>;

/**
 * `values - reference` of every trial that has both. Trials share their seed between branches, so what makes a trial
 * as a whole better or worse cancels.
 */
export function pairedDifferences(values: ByTrial, reference: ByTrial): number[] {
  return [...values].flatMap(([trial, value]) => {
    const other = reference.get(trial);
    return other === undefined ? [] : [value - other];
  });
}
