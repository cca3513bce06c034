import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The quantile of some values, `share` from 0 to 1, linear between the two nearest (as NumPy's default). */
export function quantile(values, share) {
  const ascending = values.toSorted((a, b) => a - b);
  const position = (ascending.length - 1) * share;
  const index = Math.floor(position);
  const below = ascending[index];
  const above = ascending[index + 1] ?? below;
  return below + (position - index) * (above - below);
}

export const median = (values) => quantile(values, 0.5);

/** A generator of the seed, to pass to `shuffled` and `bootstrapRatio`. */
export const randomFrom = (seed) => xoroshiro128plus(seed);

/** The items in a random order (Fisher-Yates); the argument stays as it is. */
export function shuffled(items, random) {
  const order = items.map((item) => [uniformFloat64(random), item]);
  return order.toSorted(([a], [b]) => a - b).map(([, item]) => item);
}

/**
 * The ratio of two medians with its 95 % percentile-bootstrap interval. Values of the same index were measured in the
 * same round, so rounds are drawn, not values: what slowed a whole round down stays paired.
 *
 * @param {number[]} values
 * @param {number[]} baseline as many
 */
export function bootstrapRatio(values, baseline, random, resamples = 10_000) {
  const ratios = Array.from({ length: resamples }, () => {
    const drawn = values.map(() => uniformInt(random, 0, values.length - 1));
    return median(drawn.map((round) => values[round])) / median(drawn.map((round) => baseline[round]));
  });
  return {
    ratio: median(values) / median(baseline),
    low: quantile(ratios, 0.025),
    high: quantile(ratios, 0.975),
  };
}
