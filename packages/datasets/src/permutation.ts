import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * The numbers from 0 to `count - 1` in a random order. Fisher-Yates, with integers drawn without bias (by rejection):
 * every order is equally likely over the seeds.
 */
export function permutation(count: number, seed: number): Int32Array {
  const random = xoroshiro128plus(seed);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const chosen = uniformInt(random, 0, last);
    const value = order[last] ?? 0;
    order[last] = order[chosen] ?? 0;
    order[chosen] = value;
  }
  return order;
}
