import type { BenchResult, Crossover, CrossoverCell } from '@winning-tickets/bench';
import * as Plot from '@observablehq/plot';
import { decimal, densityText } from '../format.js';
import { seriesStyle } from '../series.js';
import { densityAxis, logAxisY, logTicks } from './axes.js';
import { drawPlot, type Figure } from './figure.js';

interface Point {
  readonly density: number;
  readonly ratio: number;
  /** Of the model's own metadata. */
  readonly encoding: string | undefined;
}

/** What the map calls a model's encoding where it has another name for it. */
const mapNames: Readonly<Record<string, string>> = { dense: 'dense with zeros' };

/**
 * Latency relative to the dense layer against density, at one batch size: a frame for each width, a line for each
 * encoding. Models of benchmarks lie over all frames as crosses, in the colour of their encoding: their layers have widths of
 * their own. Undefined where nothing was measured at this batch size.
 */
export function crossoverPlot(
  { cells, options }: Crossover,
  batch: number,
  benches: readonly BenchResult[],
): Figure | undefined {
  const own = cells.filter((cell) => cell.batch === batch);
  if (own.length === 0) return undefined;
  const encodings = [...new Set(cells.map(({ encoding }) => encoding))];
  const widths = [...new Set(own.map(({ width }) => width))];
  const tickets = benches.flatMap((bench) => ticketPoints(bench, batch));
  const domain = domainOf(
    [...own, ...tickets].map(({ ratio }) => (typeof ratio === 'number' ? ratio : ratio.ratio)),
    own.flatMap(({ ratio: { low, high } }) => [low, high]),
  );
  const within = (value: number) => Math.min(Math.max(value, domain[0]), domain[1]);
  const x = densityAxis([...own, ...tickets].map(({ density }) => density));
  const y = logAxisY({ domain, ticks: logTicks(...domain), label: 'times the latency of the dense layer' });
  const percentOf = (point: { density: number }) => 100 * point.density;
  const id = `plot-crossover-${batch}`;
  const labelOf = (width: number) => `${width} units`;
  const inFrame = { fy: (cell: CrossoverCell) => labelOf(cell.width), x: percentOf } as const;
  const best = own.reduce((fastest, cell) => (cell.ratio.ratio < fastest.ratio.ratio ? cell : fastest));
  return {
    id,
    title: `Batch ${batch}`,
    svg: drawPlot(
      id,
      `Line charts, one for each width. Latency relative to dense by density at batch ${batch}. The least is ` +
        `${best.encoding} at ${densityText(best.density)} of ${best.width} units: ${decimal(best.ratio.ratio)} times. ` +
        'Where each encoding begins to pay is in the table.',
      {
        height: 60 + 200 * widths.length,
        marginTop: 26,
        x: x.scale,
        y: y.scale,
        fy: { domain: widths.map(labelOf), label: null, axis: null, padding: 0.16 },
        marks: [
          x.marks,
          y.marks,
          Plot.frame({ stroke: 'currentColor', strokeOpacity: 0.25 }),
          Plot.ruleY([1], { stroke: 'currentColor', strokeDasharray: '1 3' }),
          Plot.text(widths.map(labelOf), {
            fy: (label: string) => label,
            text: (label: string) => label,
            // The other side has the title of the axis.
            frameAnchor: 'top-right',
            dy: -14,
            fontWeight: 600,
          }),
          ...encodings.map((encoding, index) => {
            const { colour, symbol, dash } = seriesStyle(index);
            const line = own.filter((cell) => cell.encoding === encoding);
            const ratio = ({ ratio: { ratio } }: CrossoverCell) => ratio;
            return [
              Plot.ruleX(line, {
                ...inFrame,
                y1: (cell: CrossoverCell) => within(cell.ratio.low),
                y2: (cell: CrossoverCell) => within(cell.ratio.high),
                stroke: colour,
                strokeWidth: 2,
              }),
              Plot.line(line, {
                ...inFrame,
                y: ratio,
                stroke: colour,
                strokeWidth: 1.75,
                strokeDasharray: dash,
              }),
              Plot.dot(line, { ...inFrame, y: ratio, fill: colour, symbol, r: 3.5 }),
            ];
          }),
          Plot.dot(tickets, {
            ...{ x: percentOf, y: 'ratio', symbol: 'times', r: 4 },
            stroke: ({ encoding = '' }: Point) => colourOf(encodings.indexOf(mapNames[encoding] ?? encoding)),
          }),
        ],
      },
    ),
    legend: encodings.map((encoding, index) => ({ label: encoding, style: seriesStyle(index) })),
    caption:
      `Below 1 is faster than dense. Bars are 95 % intervals over ${
        options.seeds === 1 ? 'the blocks of one mask' : `${options.seeds} masks`
      }; one that touches the edge of its frame goes on beyond it.` +
      (tickets.length > 0
        ? ' Crosses are the models of benchmarked tickets, in the colour of their encoding where it is in the map, in ' +
          'every frame the same.'
        : ''),
  };
}

/** Where ratios lie, with their intervals as far as ten times: those of few repeats reach over many decades. */
function domainOf(ratios: readonly number[], ends: readonly number[]): readonly [number, number] {
  const [least, most] = [Math.min(1, ...ratios), Math.max(1, ...ratios)];
  const low = Math.max(Math.min(least, ...ends), least / 10);
  const high = Math.min(Math.max(most, ...ends), most * 10);
  return [low / 1.1, high * 1.1];
}

const colourOf = (series: number) => (series < 0 ? 'currentColor' : seriesStyle(series).colour);

/** Pruned models of a benchmark at a batch size. */
function ticketPoints({ models }: BenchResult, batch: number): Point[] {
  return models.flatMap(({ density, encoding, batches }) => {
    const ratio = batches.find((row) => row.batch === batch)?.ratioToBaseline?.ratio;
    return density === undefined || density === 1 || ratio === undefined
      ? []
      : [{ density, ratio, encoding }];
  });
}
