import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random numbers that a seed determines. */
export interface RandomStream {
  /** An integer in [0, below). */
  integer(below: number): number;
  /** A number in [0, 1). */
  uniform(): number;
}

/** The stream of a seed (32-bit integer). */
export function randomStream(seed: number): RandomStream {
  const generator = xoroshiro128plus(seed);
  return {
    integer: (below) => uniformInt(generator, 0, below - 1),
    uniform: () => uniformFloat64(generator),
  };
}

/** The items in a random order (Fisher-Yates); the argument stays as it is. */
export function shuffled<T>(items: readonly T[], random: RandomStream): T[] {
  const rest = [...items];
  const drawn: T[] = [];
  while (rest.length > 0) drawn.push(...rest.splice(random.integer(rest.length), 1));
  return drawn;
}
