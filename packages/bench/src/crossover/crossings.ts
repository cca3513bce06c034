import type { CrossoverCell } from './result.js';

/** From where on an encoding pays, of one width and batch size. */
export interface Crossing {
  readonly width: number;
  readonly batch: number;
  readonly encoding: string;
  /**
   * The density below which the encoding is faster than dense: a share of weights, `always` where it is so at every
   * measured density, `never` where it is not even at the smallest.
   */
  readonly paysBelow: number | 'always' | 'never';
}

/**
 * Where each encoding begins to pay. It pays at a density when it is faster there and at every smaller one measured; between
 * the last that pays and the next the ratio is taken to be straight in the logarithms of both. Where the next is not clearly
 * slower there is nothing to interpolate, and the last that pays is the answer.
 */
export function crossings(cells: readonly CrossoverCell[]): Crossing[] {
  const groups = new Map<string, CrossoverCell[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.width, cell.batch, cell.encoding]);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].flatMap((group) => {
    const sparsestFirst = group.toSorted((a, b) => a.density - b.density);
    const [first] = sparsestFirst;
    if (!first) return [];
    const { width, batch, encoding } = first;
    return [{ width, batch, encoding, paysBelow: paysBelow(sparsestFirst) }];
  });
}

function paysBelow(sparsestFirst: readonly CrossoverCell[]): Crossing['paysBelow'] {
  const next = sparsestFirst.findIndex(({ verdict }) => verdict !== 'faster');
  if (next === 0) return 'never';
  const [pays, not] = [
    sparsestFirst.at(next < 0 ? -1 : next - 1),
    next < 0 ? undefined : sparsestFirst[next],
  ];
  if (!not || !pays) return 'always';
  const [low, high] = [Math.log(pays.ratio.ratio), Math.log(not.ratio.ratio)];
  if (!(low < 0 && high > 0)) return pays.density;
  const along = low / (low - high);
  return Math.exp(Math.log(pays.density) + along * Math.log(not.density / pays.density));
}
