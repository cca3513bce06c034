/** Lists of values, by what they are values of. */
type Lists = Readonly<Record<string, readonly unknown[]>>;

/** One value of each list. */
type Combination<L extends Lists> = { readonly [Key in keyof L]: L[Key][number] };

/** All are made before any is drawn. */
const mostCombinations = 100_000;

/**
 * Every combination of one value from each list; the last list's values change fastest.
 *
 * @param where what the error begins with
 * @throws Error when there are more than 100,000.
 */
export function combinations<L extends Lists>(lists: L, where: string): Combination<L>[] {
  const count = Object.values(lists).reduce((product, { length }) => product * length, 1);
  if (count > mostCombinations) {
    throw new Error(
      `${where}: there are ${count} combinations, at most ${mostCombinations} can be drawn from: shorten its lists`,
    );
  }
  const all = Object.entries(lists).reduce<Record<string, unknown>[]>(
    (begun, [key, values]) => begun.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
  return all as Combination<L>[];
}
