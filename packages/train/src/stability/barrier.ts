/** What a network on the line between two scores. */
export interface Score {
  /** Share of the way, 0 to 1. */
  readonly alpha: number;
  /** Loss or error: less is better. */
  readonly value: number;
}

/**
 * How much worse the worst network on the line is than the two at its ends are in the mean: the error barrier, or the
 * "linear interpolation instability" (Frankle et al. 2020, section 2). Near 0 the two lie in one linearly connected
 * valley. Never negative but for what the mean of unequal ends takes off.
 *
 * @throws RangeError when an end is missing
 */
export function barrier(scores: readonly Score[]): number {
  const start = scores.find(({ alpha }) => alpha === 0);
  const end = scores.find(({ alpha }) => alpha === 1);
  if (!start || !end) throw new RangeError('an error barrier needs both ends of the line');
  return Math.max(...scores.map(({ value }) => value)) - (start.value + end.value) / 2;
}
