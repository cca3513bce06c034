/**
 * Elements that stand and fall together: a partition that grows coarser, and which of its classes are kept.
 *
 * Union-find with path halving (Tarjan & van Leeuwen 1984).
 */
export interface Ties {
  /** From now on the two are kept together. */
  readonly tie: (a: number, b: number) => void;
  /** Keeps an element, and all that are tied to it. */
  readonly keep: (element: number) => void;
  readonly isKept: (element: number) => boolean;
  /** How often `keep` has kept something new. */
  readonly changes: () => number;
}

/** @param count elements, numbered from 0. */
export function ties(count: number): Ties {
  const parent = Int32Array.from({ length: count }, (_, element) => element);
  const kept = new Uint8Array(count);
  let changes = 0;
  const root = (element: number): number => {
    let at = element;
    for (let above = parent[at] ?? at; above !== at; above = parent[at] ?? at) {
      const next = parent[above] ?? above;
      parent[at] = next;
      at = next;
    }
    return at;
  };
  return {
    tie(a, b) {
      const [from, to] = [root(a), root(b)];
      if (from === to) return;
      parent[from] = to;
      if (kept[from] === 1) kept[to] = 1;
    },
    keep(element) {
      const at = root(element);
      if (kept[at] === 1) return;
      kept[at] = 1;
      changes += 1;
    },
    isKept: (element) => kept[root(element)] === 1,
    changes: () => changes,
  };
}
