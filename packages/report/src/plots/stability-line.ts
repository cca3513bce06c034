import type { Stability } from '@winning-tickets/train';
import * as Plot from '@observablehq/plot';
import { seriesStyle } from '../series.js';
import { lineMeans } from '../stability-means.js';
import { drawPlot, type Figure } from './figure.js';

/**
 * Test error on the way from one copy to the other, a frame for each step, a line for each density; undefined where nothing
 * was trained.
 *
 * @param suffix tells the figures of one page apart
 */
export function stabilityLine(stability: Stability, suffix = ''): Figure | undefined {
  const lines = lineMeans(stability);
  if (lines.length === 0) return undefined;
  const labels = [...new Set(lines.map(({ label }) => label))];
  const steps = [...new Set(lines.map(({ step }) => step))].map((step) => `from step ${step}`);
  const id = `plot-line${suffix}`;
  const worst = lines
    .flatMap(({ points, label, step }) => points.map(({ error }) => ({ error, label, step })))
    .reduce((most, point) => (point.error > most.error ? point : most));
  return {
    id,
    title: 'Test error between two copies',
    svg: drawPlot(
      id,
      `Line charts, one for each step at which copies part. The worst network between two has ` +
        `${worst.error.toFixed(2)} % of errors, at ${worst.label} from step ${worst.step}.`,
      {
        height: 60 + 150 * steps.length,
        marginTop: 26,
        x: { label: 'way from the first copy to the second →', labelArrow: 'none', ticks: 5 },
        y: { label: 'test error (%)', labelAnchor: 'center', labelArrow: 'none', grid: true, ticks: 4 },
        fy: { domain: steps, label: null, axis: null, padding: 0.2 },
        marks: [
          Plot.frame({ stroke: 'currentColor', strokeOpacity: 0.25 }),
          Plot.text(steps, {
            fy: (label: string) => label,
            text: (label: string) => label,
            frameAnchor: 'top-left',
            dy: -14,
            fontWeight: 600,
          }),
          ...lines.map(({ label, step, points }) => {
            const { colour, dash } = seriesStyle(labels.indexOf(label));
            return Plot.line(
              points.map((point) => ({ ...point, frame: `from step ${step}` })),
              {
                fy: 'frame',
                x: 'alpha',
                y: 'error',
                stroke: colour,
                strokeWidth: 1.75,
                strokeDasharray: dash,
              },
            );
          }),
        ],
      },
    ),
    legend: labels.map((label, index) => ({
      label,
      style: { ...seriesStyle(index), symbol: 'none' as const },
    })),
    caption: 'Means over trials. A hump is a barrier: the copies lie in different valleys.',
  };
}
