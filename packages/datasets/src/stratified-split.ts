import { permutation } from './permutation.js';

/** What a stratified division needs to know of a sample. */
export interface Placed {
  /** Number of the class that the sample is divided by; from 0. */
  readonly stratum: number;
  /** Samples of the same twin stay on one side; undefined for a sample that has none. */
  readonly twin: string | undefined;
}

/**
 * Divides samples at random into sides of given sizes and a rest, each stratum in the same proportion on all sides.
 *
 * Samples that are twins stay together; a group of them counts for the stratum of its first sample. Each side
 * has samples of every stratum as far as the stratum's groups go round: the rest is served first, then the sides in
 * their order. A side has exactly its size unless groups of twins cannot be put together to it; then it has less, never
 * more.
 *
 * @param sizes how many samples each side takes; together fewer than there are.
 * @param seed an int32; the same seed gives the same division on every machine.
 * @returns the indices of each side, then of the rest, ascending.
 */
export function stratifiedSplit(
  samples: readonly Placed[],
  { sizes, seed }: { readonly sizes: readonly number[]; readonly seed: number },
): Int32Array[] {
  const groups = groupsOf(samples);
  let left = [...permutation(groups.length, seed)].flatMap((index) => groups[index] ?? []);
  const sides = sizes.map((size) => {
    const side = draw(strataOf(left), size);
    left = left.filter((group) => !side.has(group));
    return side;
  });
  return [...sides, left].map((side) => Int32Array.from([...side].flatMap(({ members }) => members)).sort());
}

/** Samples that stay together. */
interface Group {
  readonly stratum: number;
  /** Their indices. */
  readonly members: readonly number[];
}

function groupsOf(samples: readonly Placed[]): Group[] {
  const twins = new Map<string, number[]>();
  const groups: Group[] = [];
  samples.forEach(({ stratum, twin }, index) => {
    const known = twin === undefined ? undefined : twins.get(twin);
    if (known) {
      known.push(index);
      return;
    }
    const members = [index];
    if (twin !== undefined) twins.set(twin, members);
    groups.push({ stratum, members });
  });
  return groups;
}

/** The groups of each stratum in the order given, smallest stratum first. */
function strataOf(groups: readonly Group[]): Group[][] {
  const strata = new Map<number, Group[]>();
  for (const group of groups) {
    const stratum = strata.get(group.stratum);
    if (stratum) stratum.push(group);
    else strata.set(group.stratum, [group]);
  }
  return [...strata]
    .sort(([a, some], [b, others]) => sizeOf(some) - sizeOf(others) || a - b)
    .map(([, members]) => members);
}

/** Chooses groups of about `size` samples together, of every stratum its share. */
function draw(strata: readonly Group[][], size: number): Set<Group> {
  const chosen = new Set<Group>();
  const shares = sharesOf(strata, size);
  strata.forEach((groups, index) => {
    fill(chosen, groups, shares[index] ?? 0);
  });
  balance(chosen, strata, size);
  return chosen;
}

/**
 * How many of `size` samples each stratum gives, at most all but one: in proportion to its samples by the method of
 * Webster and Sainte-Laguë, and at least one where there are as many places as strata that have one to give.
 */
function sharesOf(strata: readonly Group[][], size: number): number[] {
  const sizes = strata.map(sizeOf);
  const most = strata.map((groups, index) => (groups.length > 1 ? (sizes[index] ?? 0) - 1 : 0));
  const givers = most.filter((count) => count > 0).length;
  const shares = most.map((count) => (size >= givers ? Math.min(1, count) : 0));
  for (let given = shares.reduce((sum, share) => sum + share, 0); given < size; given++) {
    let next = -1;
    let largest = 0;
    shares.forEach((share, index) => {
      const claim = (sizes[index] ?? 0) / (2 * share + 1);
      if (share < (most[index] ?? 0) && claim > largest) [next, largest] = [index, claim];
    });
    if (next < 0) break;
    shares[next] = (shares[next] ?? 0) + 1;
  }
  return shares;
}

/** Chooses of a stratum what fits into its share; where nothing does, the smallest group all the same. */
function fill(chosen: Set<Group>, groups: readonly Group[], share: number): void {
  let room = share;
  for (const group of groups) {
    if (group.members.length > room) continue;
    chosen.add(group);
    room -= group.members.length;
  }
  if (share === 0 || room < share) return;
  const smallest = Math.min(...groups.map(({ members }) => members.length));
  const one = groups.find(({ members }) => members.length === smallest);
  if (one) chosen.add(one);
}

/**
 * Makes the choice `size` samples large where groups of twins made it more or less: the largest strata give and take, since
 * they change the least by it. None gives its last group away, or loses its last chosen one while others have more.
 */
function balance(chosen: Set<Group>, strata: readonly Group[][], size: number): void {
  const largestFirst = strata.toReversed();
  for (const fewest of [1, 0]) {
    let excess = sizeOf([...chosen]) - size;
    for (const groups of largestFirst) {
      const here = groups.filter((group) => chosen.has(group));
      for (const group of here.slice(fewest)) {
        if (excess <= 0) break;
        chosen.delete(group);
        excess -= group.members.length;
      }
    }
  }
  let missing = size - sizeOf([...chosen]);
  for (const groups of largestFirst) {
    const others = groups.filter((group) => !chosen.has(group));
    for (const group of others.slice(1)) {
      if (group.members.length > missing) continue;
      chosen.add(group);
      missing -= group.members.length;
    }
  }
}

function sizeOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { members }) => sum + members.length, 0);
}
