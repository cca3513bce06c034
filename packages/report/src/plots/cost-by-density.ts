import * as Plot from '@observablehq/plot';
import type { Trainability, TrainingCost } from '@winning-tickets/train';
import { branchLabel } from '../branches.js';
import { decimal, densityText } from '../format.js';
import { branchStyle } from '../series.js';
import { domainOfEqual } from './by-density.js';
import { densityAxis } from './axes.js';
import { drawPlot, type Figure } from './figure.js';

/** Steps to the loss, as a ratio to the dense network's, against density; undefined where no level has them. */
export function costByDensity({ costs }: Trainability): Figure | undefined {
  const points = costs.flatMap(({ branch, density, stepsToLoss }) =>
    stepsToLoss && density > 0 ? [{ branch, density, ...stepsToLoss }] : [],
  );
  const names = [...new Set(costs.map(({ branch }: TrainingCost) => branch))];
  const drawn = names.filter((name) => points.some(({ branch }) => branch === name));
  if (drawn.length === 0) return undefined;
  const id = 'plot-cost';
  const axis = densityAxis(points.map(({ density }) => density));
  const words = drawn.map((name) => {
    const own = points.filter(({ branch }) => branch === name);
    const least = own.reduce((best, point) => (point.ratio < best.ratio ? point : best));
    return `${branchLabel(name)}: least ${decimal(least.ratio)} at ${densityText(least.density)}`;
  });
  const x = ({ density }: { readonly density: number }) => 100 * density;
  return {
    id,
    title: 'Steps to the loss against density',
    svg: drawPlot(
      id,
      `Line chart. Steps to the loss, as a ratio to the dense network. ${words.join('; ')}.`,
      {
        height: 300,
        x: axis.scale,
        y: {
          label: 'steps to the loss, dense = 1',
          ...{ grid: true, nice: true, ticks: 6, inset: 4 },
          ...domainOfEqual(
            points.map(({ ratio, interval }) => ({
              min: interval?.low ?? ratio,
              max: interval?.high ?? ratio,
            })),
          ),
        },
        marks: [
          axis.marks,
          Plot.ruleY([1], { stroke: 'currentColor', strokeOpacity: 0.6, strokeDasharray: '1 3' }),
          ...drawn.map((name, index) => {
            const { colour, symbol, dash } = branchStyle(name, names);
            const own = points.filter(({ branch }) => branch === name);
            const dx = (index - (drawn.length - 1) / 2) * 4;
            const within = own.flatMap(({ interval, density }) =>
              interval ? [{ density, ...interval }] : [],
            );
            return [
              Plot.ruleX(within, {
                x,
                y1: 'low',
                y2: 'high',
                stroke: colour,
                strokeWidth: 5,
                strokeOpacity: 0.35,
                dx,
              }),
              Plot.line(own, { x, y: 'ratio', stroke: colour, strokeWidth: 1.75, strokeDasharray: dash, dx }),
              Plot.dot(own, { x, y: 'ratio', fill: colour, symbol, r: 3.5, dx }),
            ];
          }),
        ],
      },
    ),
    legend: drawn.map((name) => ({ label: branchLabel(name), style: branchStyle(name, names) })),
    caption:
      'Steps until the validation loss is that of the dense network at its early stop: below 1 the subnetwork learns faster. ' +
      'Levels that not all trials bring so far have no point. Bars are 95 % intervals over the trials, paired.',
  };
}
