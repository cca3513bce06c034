import type { Stability } from '@winning-tickets/train';
import * as Plot from '@observablehq/plot';
import { seriesStyle } from '../series.js';
import { barriersByStep } from '../stability-means.js';
import { drawPlot, type Figure } from './figure.js';

/**
 * Test error barrier against the step at which copies part, a line for each density; undefined of a single step.
 *
 * @param suffix tells the figures of one page apart
 */
export function stabilityBarriers(stability: Stability, suffix = ''): Figure | undefined {
  const rows = barriersByStep(stability);
  const steps = [...new Set(rows.map(({ step }) => step))];
  if (steps.length < 2) return undefined;
  const labels = [...new Set(rows.map(({ label }) => label))];
  const ordinal = steps.map(String);
  const id = `plot-barriers${suffix}`;
  const lines = labels.map((label, index) => ({
    label,
    style: seriesStyle(index),
    own: rows.filter((row) => row.label === label),
  }));
  const words = lines.map(
    ({ label, own }) =>
      `${label}: ${own.map(({ step, testError }) => `${testError.mean.toFixed(2)} points from step ${step}`).join(', ')}`,
  );
  const x = (row: { readonly step: number }) => String(row.step);
  return {
    id,
    title: 'Error barrier by the step at which copies part',
    svg: drawPlot(id, `Line chart. Test error barrier by step and density. ${words.join('; ')}.`, {
      height: 300,
      x: { type: 'point', domain: ordinal, label: 'step at which copies part →', labelArrow: 'none' },
      y: { label: '↑ barrier (points of test error)', labelArrow: 'none', grid: true, nice: true, ticks: 6 },
      marks: [
        Plot.ruleY([0], { stroke: 'currentColor', strokeDasharray: '1 3' }),
        ...lines.map(({ own, style: { colour, symbol, dash } }, index) => {
          const dx = (index - (lines.length - 1) / 2) * 4;
          return [
            Plot.ruleX(own, {
              x,
              y1: ({ testError }: (typeof own)[number]) => testError.min,
              y2: ({ testError }: (typeof own)[number]) => testError.max,
              stroke: colour,
              strokeWidth: 1.5,
              dx,
            }),
            Plot.line(own, {
              x,
              y: ({ testError }: (typeof own)[number]) => testError.mean,
              stroke: colour,
              strokeWidth: 1.75,
              strokeDasharray: dash,
              dx,
            }),
            Plot.dot(own, {
              x,
              y: ({ testError }: (typeof own)[number]) => testError.mean,
              fill: colour,
              symbol,
              r: 3.5,
              dx,
            }),
          ];
        }),
      ],
    }),
    legend: lines.map(({ label, style }) => ({ label, style })),
    caption:
      'How much worse the worst network between two copies is than they are. Near 0 the outcome does not depend on the ' +
      'order of the batches but for a way without a barrier. Means over trials, bars from the least to the largest.',
  };
}
