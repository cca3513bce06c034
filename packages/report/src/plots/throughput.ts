import type { BenchResult } from '@winning-tickets/bench';
import * as Plot from '@observablehq/plot';
import { whole } from '../format.js';
import { baselineOf, modelLabel } from '../models.js';
import { seriesStyle } from '../series.js';
import { logAxisX, logAxisY, logTicks } from './axes.js';
import { drawPlot, type Figure } from './figure.js';

type Model = BenchResult['models'][number];
type Point = Model['batches'][number];

/** More lines than this cannot be told apart. */
const MOST_LINES = 7;

/**
 * Samples per second against the batch size: the baseline, and of each encoding the model that is fastest at the largest
 * batch. Undefined where only one batch size was measured.
 */
export function throughput(bench: BenchResult, suffix = ''): Figure | undefined {
  const models = shownModels(bench);
  const points = models.flatMap(({ batches }) => batches);
  const sizes = [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b);
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const rates = points.map(({ throughputPerSecond }) => throughputPerSecond).filter((rate) => rate > 0);
  const domain = [Math.min(...rates) / 1.15, Math.max(...rates) * 1.15] as const;
  const x = logAxisX({
    domain: [first / 1.15, last * 1.15],
    ticks: sizes.length > 6 ? sizes.filter((_, index) => index % 2 === 0) : sizes,
    label: 'batch size (log scale)',
    grid: false,
  });
  const y = logAxisY({
    domain: [domain[0] / 1e3, domain[1] / 1e3],
    ticks: logTicks(domain[0] / 1e3, domain[1] / 1e3),
    label: 'thousand samples per second (log scale)',
  });
  const id = `plot-throughput${suffix}`;
  const at = { x: 'batch', y: ({ throughputPerSecond }: Point) => throughputPerSecond / 1e3 } as const;
  const words = models.map((model) => {
    const most = model.batches.reduce((best, point) =>
      point.throughputPerSecond > best.throughputPerSecond ? point : best,
    );
    return `${modelLabel(bench, model)} reaches ${whole(most.throughputPerSecond)} at batch ${most.batch}`;
  });
  return {
    id,
    title: 'Throughput',
    svg: drawPlot(id, `Line chart. Samples per second by batch size. ${words.join('; ')}.`, {
      height: 300,
      x: x.scale,
      y: y.scale,
      marks: [
        x.marks,
        y.marks,
        ...models.map(({ batches }, index) => {
          const { colour, symbol, dash } = seriesStyle(index);
          return [
            Plot.line(batches, { ...at, stroke: colour, strokeWidth: 1.75, strokeDasharray: dash }),
            Plot.dot(batches, { ...at, fill: colour, symbol, r: 3.5 }),
          ];
        }),
      ],
    }),
    legend: models.map((model, index) => ({ label: modelLabel(bench, model), style: seriesStyle(index) })),
    caption:
      'Higher is better. The baseline, and of each encoding the model that is fastest at the largest batch.',
  };
}

function shownModels(bench: BenchResult): Model[] {
  const baseline = baselineOf(bench);
  const fastest = new Map<string, Model>();
  for (const model of bench.models) {
    if (model === baseline || model.batches.length === 0) continue;
    const kind = `${model.encoding ?? model.name} ${model.inputForm ?? 'dense'}`;
    const other = fastest.get(kind);
    if (!other || lastRate(model) > lastRate(other)) fastest.set(kind, model);
  }
  const others = [...fastest.values()].sort((a, b) => lastRate(b) - lastRate(a));
  return [...(baseline && baseline.batches.length > 0 ? [baseline] : []), ...others].slice(0, MOST_LINES);
}

function lastRate({ batches }: Model): number {
  return batches.reduce((last, point) => (point.batch > last.batch ? point : last)).throughputPerSecond;
}
