import * as Plot from '@observablehq/plot';
import { type BranchLevels, branchLabel, byTrial, iterative } from '../branches.js';
import { count, densityText } from '../format.js';
import type { ReportStage } from '../input.js';
import { branchStyle } from '../series.js';
import { interval95, spread } from '../statistics.js';
import { densityAxis } from './axes.js';
import { drawPlot, type Figure } from './figure.js';

/** What is drawn against density. */
export interface Measure {
  readonly id: string;
  readonly title: string;
  /** Label of the vertical axis, with the unit. */
  readonly axis: string;
  /** The number of one stage, in the axis's unit; null if it has none. */
  readonly of: (stage: ReportStage) => number | null;
  /** A value of the axis in words, for the label of the plot. */
  readonly text: (value: number) => string;
  /** First sentences of the caption. */
  readonly caption: string;
}

interface Point {
  readonly density: number;
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** 95 % interval of the mean; undefined of fewer than three trials. */
  readonly interval: { readonly low: number; readonly high: number } | undefined;
}

/** Fewer trials than this tell a range, but no interval worth drawing. */
export const trialsForInterval = 3;

/**
 * A measure against density: a line through the means of each branch, with the spread over the trials. Undefined when no
 * stage has the measure.
 */
export function plotByDensity(measure: Measure, branches: readonly BranchLevels[]): Figure | undefined {
  const series = branches
    .map(({ branch, levels }) => ({
      branch,
      points: levels.flatMap((level) => pointOf(measure, level) ?? []),
    }))
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return undefined;
  const names = branches.map(({ branch }) => branch);
  const legend = series.map(({ branch }) => ({
    label: branchLabel(branch),
    style: branchStyle(branch, names),
  }));
  const dense = series
    .find(({ branch }) => branch === iterative)
    ?.points.find(({ density }) => density === 1);
  const axis = densityAxis(series.flatMap(({ points }) => points.map(({ density }) => density)));
  const svg = drawPlot(measure.id, describe(measure, series), {
    height: 300,
    x: axis.scale,
    y: {
      label: measure.axis,
      grid: true,
      nice: true,
      ticks: 6,
      inset: 4,
      ...domainOfEqual(series.flatMap(({ points }) => points)),
    },
    marks: [
      axis.marks,
      dense &&
        Plot.ruleY([dense.mean], { stroke: 'currentColor', strokeOpacity: 0.6, strokeDasharray: '1 3' }),
      ...series.map(({ branch, points }, index) => {
        const { colour, symbol, dash } = branchStyle(branch, names);
        // Side by side, or the bars would hide each other where branches share a density.
        const dx = (index - (series.length - 1) / 2) * 4;
        const x = (point: Point) => point.density * 100;
        return [
          Plot.ruleX(
            points.filter(({ count }) => count > 1),
            { x, y1: 'min', y2: 'max', stroke: colour, strokeWidth: 1.5, dx },
          ),
          Plot.ruleX(
            points.filter(({ interval }) => interval),
            {
              x,
              y1: (point: Point) => point.interval?.low,
              y2: (point: Point) => point.interval?.high,
              stroke: colour,
              strokeWidth: 5,
              strokeOpacity: 0.35,
              dx,
            },
          ),
          Plot.line(points, { x, y: 'mean', stroke: colour, strokeWidth: 1.75, strokeDasharray: dash, dx }),
          Plot.dot(points, { x, y: 'mean', fill: colour, symbol, r: 3.5, dx }),
        ];
      }),
    ],
  });
  const counts = series.flatMap(({ points }) => points.map(({ count }) => count));
  return {
    id: measure.id,
    title: measure.title,
    svg,
    legend,
    caption: `${measure.caption} ${dense ? 'The dotted line is the dense network. ' : ''}${barsCaption(counts)}`,
  };
}

/** Equal values span no axis; it reaches one unit to either side of them. */
export function domainOfEqual(points: readonly Pick<Point, 'min' | 'max'>[]): { domain?: [number, number] } {
  const low = Math.min(...points.map(({ min }) => min));
  const high = Math.max(...points.map(({ max }) => max));
  return low < high ? {} : { domain: [low - 1, high + 1] };
}

function pointOf(
  { of }: Measure,
  { density, stages }: { density: number; stages: readonly ReportStage[] },
): Point | undefined {
  const values = [...byTrial(stages, of).values()];
  const range = spread(values);
  if (!range || density <= 0) return undefined;
  return { ...range, density, interval: values.length < trialsForInterval ? undefined : interval95(values) };
}

/** What the bars are, for the numbers of trials that there are. */
export function barsCaption(counts: readonly number[]): string {
  const most = Math.max(...counts);
  const fewest = Math.min(...counts);
  const trials = fewest === most ? count(most, 'trial') : `${fewest} to ${count(most, 'trial')}`;
  if (most < 2) return 'One trial: there is no spread to show.';
  const bars = `Means of ${trials}; thin bars span the smallest to the largest value`;
  if (most < trialsForInterval) return `${bars}. Too few trials for an interval.`;
  return `${bars}, wide pale bars are the 95 % interval of the mean (Student’s t${
    fewest < trialsForInterval ? ', where there are at least three trials' : ''
  }).`;
}

function describe(
  { title, text }: Measure,
  series: readonly { readonly branch: string; readonly points: readonly Point[] }[],
): string {
  const lines = series.map(({ branch, points }) => {
    const ends = [...new Set([points[0], points.at(-1)])].flatMap((point) =>
      point ? `${text(point.mean)} at ${densityText(point.density)}` : [],
    );
    return `${branchLabel(branch)}: ${ends.join(', ')}`;
  });
  return `Line chart. ${title}. ${lines.join('; ')}. The numbers are in the tables.`;
}
