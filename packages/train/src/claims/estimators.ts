import { studentT95 } from './student-t.js';

export const estimatorNames = ['difference', 'ratio-of-means', 'mean-of-ratios'] as const;

export type EstimatorName = (typeof estimatorNames)[number];

/** A quantity of one trial: of what a claim is about, and of what it is compared with. */
export interface Pair {
  readonly value: number;
  readonly reference: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How the pairs of all trials become one effect. */
export interface Estimator {
  /** The effect; of at least one pair. Not finite where a ratio has no denominator. */
  readonly effect: (pairs: readonly Pair[]) => number;
  /** Its 95 % interval by Student's t; undefined of fewer than two pairs, and where it has no ends. */
  readonly interval: (pairs: readonly Pair[]) => Interval | undefined;
}

const differenceOf = ({ value, reference }: Pair) => value - reference;
const ratioOf = ({ value, reference }: Pair) => value / reference;

/**
 * The estimators of an effect. The two ratios differ: a mean of ratios gives every trial the same weight, and its value
 * and its inverse do not agree; a ratio of means gives long trials more.
 */
export const estimators: Readonly<Record<EstimatorName, Estimator>> = {
  difference: {
    effect: (pairs) => mean(pairs.map(differenceOf)),
    interval: (pairs) => intervalOfMean(pairs.map(differenceOf)),
  },
  'ratio-of-means': {
    effect: (pairs) => mean(pairs.map(({ value }) => value)) / mean(pairs.map(({ reference }) => reference)),
    interval: intervalOfRatio,
  },
  'mean-of-ratios': {
    effect: (pairs) => mean(pairs.map(ratioOf)),
    interval: (pairs) => intervalOfMean(pairs.map(ratioOf)),
  },
};

function intervalOfMean(values: readonly number[]): Interval | undefined {
  if (values.length < 2 || !values.every(Number.isFinite)) return undefined;
  const center = mean(values);
  const margin = studentT95(values.length - 1) * Math.sqrt(covariance(values, values) / values.length);
  return { low: center - margin, high: center + margin };
}

/**
 * Fieller's interval (1954): the ratios r for which Student's t over the paired differences `value - r · reference` cannot
 * tell their mean from 0, the roots of a quadratic in r. It has no ends where the mean reference is not clear of 0.
 */
function intervalOfRatio(pairs: readonly Pair[]): Interval | undefined {
  if (pairs.length < 2) return undefined;
  const values = pairs.map(({ value }) => value);
  const references = pairs.map(({ reference }) => reference);
  const scale = studentT95(pairs.length - 1) ** 2 / pairs.length;
  const a = mean(references) ** 2 - scale * covariance(references, references);
  const b = mean(values) * mean(references) - scale * covariance(values, references);
  const c = mean(values) ** 2 - scale * covariance(values, values);
  if (!(a > 0)) return undefined;
  // Rounding may carry a discriminant of 0 below it.
  const root = Math.sqrt(Math.max(0, b ** 2 - a * c));
  return { low: (b - root) / a, high: (b + root) / a };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function covariance(xs: readonly number[], ys: readonly number[]): number {
  const [centerX, centerY] = [mean(xs), mean(ys)];
  const products = xs.map((x, index) => (x - centerX) * ((ys[index] ?? centerY) - centerY));
  return products.reduce((sum, product) => sum + product, 0) / (xs.length - 1);
}
