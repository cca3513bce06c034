import * as Plot from '@observablehq/plot';
import { finite, iterative, type Level, levelsOf } from '../branches.js';
import { count, densityText } from '../format.js';
import type { ReportRun } from '../input.js';
import { seriesStyle } from '../series.js';
import { mean } from '../statistics.js';
import { logAxisY, logTicks } from './axes.js';
import { drawPlot, type Figure } from './figure.js';

interface Point {
  readonly iteration: number;
  readonly loss: number;
}

const curves = 5;

/** Validation loss over the iterations, for a handful of the iterative branch's densities; undefined without histories. */
export function validationLoss(run: ReportRun): Figure | undefined {
  const levels = levelsOf(run, iterative).flatMap((level) => {
    const points = meanCurve(level);
    return points.length > 0 ? [{ ...level, points }] : [];
  });
  if (levels.length === 0) return undefined;
  const series = handful(levels).map((level, index) => ({
    label: densityText(level.density),
    style: seriesStyle(index),
    points: level.points,
    lowest: level.points.reduce((best, point) => (point.loss < best.loss ? point : best)),
  }));
  const losses = series.flatMap(({ points }) => points.map(({ loss }) => loss));
  const domain = [Math.min(...losses) / 1.08, Math.max(...losses) * 1.08] as const;
  const axis = logAxisY({ domain, ticks: lossTicks(domain), label: 'validation loss (nats, log scale)' });
  const trials = Math.max(...levels.map(({ stages }) => stages.length));
  const id = 'plot-loss';
  const minima = series.map(
    ({ label, lowest }) => `${label}: lowest ${lowest.loss.toFixed(4)} at iteration ${lowest.iteration}`,
  );
  return {
    id,
    title: 'Validation loss during training',
    svg: drawPlot(id, `Line chart. Validation loss over the iterations by density. ${minima.join('; ')}.`, {
      height: 300,
      x: { label: 'iteration →', labelArrow: 'none', ticks: 5, inset: 6 },
      y: axis.scale,
      marks: [
        axis.marks,
        ...series.map(({ points, style: { colour, dash } }) =>
          Plot.line(points, {
            x: 'iteration',
            y: 'loss',
            stroke: colour,
            strokeWidth: 1.5,
            strokeDasharray: dash,
          }),
        ),
        ...series.map(({ lowest, style: { colour, symbol } }) =>
          Plot.dot([lowest], {
            x: 'iteration',
            y: 'loss',
            fill: colour,
            symbol,
            r: 6,
            stroke: 'var(--background)',
          }),
        ),
      ],
    }),
    legend: series.map(({ label, style }) => ({ label, style })),
    caption:
      'Some densities of the iterative branch; the symbol is the lowest point of its curve. ' +
      (trials > 1 ? `Means over ${count(trials, 'trial')} at each iteration.` : 'One trial.'),
  };
}

/** Mean loss at the iterations that every trial with a history has. */
function meanCurve({ stages }: Level): Point[] {
  const histories = stages.flatMap(({ history }) => history ?? []);
  const losses = new Map<number, number[]>();
  for (const { evaluations } of histories) {
    for (const { iteration, validationLoss: loss } of evaluations) {
      losses.set(iteration, [
        ...(losses.get(iteration) ?? []),
        ...finite([loss]).filter((value) => value > 0),
      ]);
    }
  }
  return [...losses]
    .filter(([, values]) => values.length === histories.length)
    .map(([iteration, values]) => ({ iteration, loss: mean(values) ?? 0 }))
    .sort((a, b) => a.iteration - b.iteration);
}

function handful<T>(items: readonly T[]): T[] {
  if (items.length <= curves) return [...items];
  const chosen = Array.from({ length: curves }, (_, index) =>
    Math.round((index * (items.length - 1)) / (curves - 1)),
  );
  return items.filter((_, index) => chosen.includes(index));
}

/** Losses of one training often stay within a decade, where 1, 2, 5 would be one or two lines. */
function lossTicks(domain: readonly [number, number]): number[] {
  const [low, high] = domain;
  const round = logTicks(low, high);
  if (round.length > 2) return round;
  const power = Math.floor(Math.log10(low));
  const finer = [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20].map((step) => Number(`${step}e${power}`));
  const found = finer.filter((tick) => tick >= low && tick <= high);
  return found.length > 1 ? found : [Number(Math.sqrt(low * high).toPrecision(2))];
}
