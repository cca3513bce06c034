import type { Crossover, CrossoverCell } from './result.js';

/** From where on an encoding pays, of one width and batch size. */
export interface Crossing {
  readonly width: number;
  readonly batch: number;
  readonly encoding: string;
  /**
   * The density below which the encoding is faster than dense: a share of weights, `always` where it is so at every
   * density of the map, `never` where it is not at the smallest, `unknown` where the smallest was not measured.
   */
  readonly paysBelow: number | 'always' | 'never' | 'unknown';
}

/**
 * Where each encoding begins to pay. It pays at a density when it is faster there and at every smaller one of the map;
 * between the last that pays and the next the ratio is taken to be straight in the logarithms of both. Where the next is not
 * clearly slower, or was not measured (a map that was interrupted, an encoding that was too large), there is nothing to
 * interpolate, and the last that pays is the answer.
 */
export function crossings({ cells, options }: Pick<Crossover, 'cells' | 'options'>): Crossing[] {
  const sparsestFirst = options.densities.toSorted((a, b) => a - b);
  const groups = new Map<string, CrossoverCell[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.width, cell.batch, cell.encoding]);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { width, batch, encoding } = first;
    const measured = sparsestFirst.map((density) => group.find((cell) => cell.density === density));
    return [{ width, batch, encoding, paysBelow: paysBelow(measured) }];
  });
}

/** @param sparsestFirst undefined where nothing was measured */
function paysBelow(sparsestFirst: readonly (CrossoverCell | undefined)[]): Crossing['paysBelow'] {
  const place = sparsestFirst.findIndex((cell) => cell?.verdict !== 'faster');
  if (place < 0) return 'always';
  const next = sparsestFirst[place];
  if (place === 0) return next ? 'never' : 'unknown';
  const pays = sparsestFirst[place - 1];
  if (!pays) return 'unknown';
  if (next?.verdict !== 'slower') return pays.density;
  const [low, high] = [Math.log(pays.ratio.ratio), Math.log(next.ratio.ratio)];
  const along = low / (low - high);
  return Math.exp(Math.log(pays.density) + along * Math.log(next.density / pays.density));
}
