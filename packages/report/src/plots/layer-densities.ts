import * as Plot from '@observablehq/plot';
import { finite, iterative, levelsOf } from '../branches.js';
import { densityText } from '../format.js';
import type { ReportRun } from '../input.js';
import { seriesStyle } from '../series.js';
import { mean } from '../statistics.js';
import { logAxisY, logTicks, plain } from './axes.js';
import { drawPlot, type Figure } from './figure.js';

/**
 * Density of each layer after each round of pruning, iterative branch, means over the trials.
 *
 * @param suffix tells the figures of one page apart
 */
export function layerDensities(run: ReportRun, suffix = ''): Figure | undefined {
  const levels = levelsOf(run, iterative);
  const layers = [
    ...new Set(levels.flatMap(({ stages }) => stages.flatMap((stage) => Object.keys(stage.layerDensities)))),
  ];
  const series = layers.map((layer, index) => ({
    layer,
    style: seriesStyle(index),
    points: levels.flatMap(({ level, stages }) => {
      const density = mean(finite(stages.map((stage) => stage.layerDensities[layer])));
      // A layer without weights has no place on a logarithmic axis.
      return density === undefined || density <= 0 ? [] : [{ level, density: density * 100 }];
    }),
  }));
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return undefined;
  const densities = points.map(({ density }) => density);
  const domain = [Math.min(...densities) / 1.15, Math.max(...densities) * 1.15] as const;
  const axis = logAxisY({ domain, ticks: logTicks(...domain), label: 'weights left (%, log scale)' });
  const last = Math.max(...points.map(({ level }) => level));
  const id = `plot-layers${suffix}`;
  const ends = series.map(
    ({ layer, points }) => `${layer}: ${densityText((points.at(-1)?.density ?? NaN) / 100)}`,
  );
  return {
    id,
    title: 'Density of each layer after each round',
    svg: drawPlot(
      id,
      `Line chart. Density of each layer after each round of pruning. At the end ${ends.join(', ')}.`,
      {
        height: 280,
        x: {
          label: 'rounds of pruning →',
          labelArrow: 'none',
          domain: [0, Math.max(1, last)],
          ticks: last < 8 ? Math.max(1, last) : 6,
          tickFormat: plain,
          inset: 6,
        },
        y: axis.scale,
        // The later the smaller: layers with equal densities stay visible below each other.
        marks: [
          axis.marks,
          ...series.map(({ points, style: { colour, symbol, dash } }, index) => [
            Plot.line(points, {
              x: 'level',
              y: 'density',
              stroke: colour,
              strokeWidth: 1.75,
              strokeDasharray: dash,
            }),
            Plot.dot(points, {
              x: 'level',
              y: 'density',
              fill: colour,
              symbol,
              r: Math.max(2.5, 5.5 - index),
            }),
          ]),
        ],
      },
    ),
    legend: series.map(({ layer, style }) => ({ label: layer, style })),
    caption: 'Share of each layer’s weights that survive, in the iterative branch; means over the trials.',
  };
}
