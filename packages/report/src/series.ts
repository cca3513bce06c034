import { colours } from './style.js';

/** How a series is drawn: its colour, symbol and dashes each tell it from the others. */
export interface SeriesStyle {
  /** A CSS variable, which follows the page's light or dark theme. */
  readonly colour: string;
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'cross' | 'wye';
  /** SVG `stroke-dasharray`; `none` is a solid line. */
  readonly dash: string;
}

const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye'] as const;
const dashes = ['none', '7 3', '2 3', '8 3 2 3', '4 2', '12 3', '1 2'] as const;

/** The style of the series number `index`, from 0; they repeat after seven. */
export function seriesStyle(index: number): SeriesStyle {
  return {
    colour: `var(--series-${(index % colours.light.series.length) + 1})`,
    symbol: symbols[index % symbols.length] ?? 'circle',
    dash: dashes[index % dashes.length] ?? 'none',
  };
}

const branchOrder = ['iterative', 'random-reinit', 'random-mask', 'one-shot', 'shuffled-mask', 'transferred'];

/** The style of a branch, the same in every plot. `branches` are all of the run's. */
export function branchStyle(branch: string, branches: readonly string[]): SeriesStyle {
  const known = branchOrder.indexOf(branch);
  if (known >= 0) return seriesStyle(known);
  return seriesStyle(
    branchOrder.length + branches.filter((name) => !branchOrder.includes(name)).indexOf(branch),
  );
}
