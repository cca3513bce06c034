import type { BenchResult } from '@winning-tickets/bench';
import * as Plot from '@observablehq/plot';
import { count, decimal } from '../format.js';
import { baselineLabel, baselineOf, modelLabel } from '../models.js';
import { seriesStyle } from '../series.js';
import { logAxisX, logTicks, plain } from './axes.js';
import { drawPlot, type Figure } from './figure.js';

interface Row {
  readonly batch: string;
  /** The model's file, which is unique where labels may not be. */
  readonly file: string;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Latency of each model relative to the baseline, by batch size, with the cost of an empty call and what the baseline
 * shows against itself. Undefined when nothing could be compared.
 */
export function latency(bench: BenchResult, suffix = ''): Figure | undefined {
  const rows = bench.models.flatMap(({ file, batches }) =>
    batches.flatMap(({ batch, ratioToBaseline }): Row[] =>
      ratioToBaseline ? [{ batch: batchLabel(batch), file, ...ratioToBaseline }] : [],
    ),
  );
  if (rows.length === 0) return undefined;
  const floors = floorRatios(bench);
  const noise = bench.noise.flatMap(({ batch, ratioToBaseline }) =>
    ratioToBaseline ? [{ batch: batchLabel(batch), ...ratioToBaseline }] : [],
  );
  const batches = [...new Set(bench.models.flatMap((model) => model.batches.map(({ batch }) => batch)))].sort(
    (a, b) => a - b,
  );
  const shown = batches.map(batchLabel).filter((batch) => rows.some((row) => row.batch === batch));
  const domain = domainOf([...rows, ...noise].flatMap(({ ratio, low, high }) => [ratio, low, high]));
  const [least] = domain;
  const axis = logAxisX({
    domain,
    ticks: ratioTicks(domain),
    label: 'times the latency of the baseline (log scale)',
  });
  const files = [...new Set(rows.map(({ file }) => file))];
  const labels = new Map(bench.models.map((model) => [model.file, modelLabel(bench, model)]));
  const model = seriesStyle(0);
  const floor = seriesStyle(1);
  const id = `plot-latency${suffix}`;
  const baseline = baselineLabel(bench);
  const words = rows.map(
    ({ file, batch, ratio }) =>
      `${labels.get(file) ?? file} at ${batch}: ${decimal(ratio)} times the baseline`,
  );
  return {
    id,
    title: 'Latency relative to the baseline',
    svg: drawPlot(id, `Dot plot. Latency by model and batch size. ${words.join('; ')}.`, {
      height: 72 + shown.length * (files.length * 26 + 26),
      marginLeft: 140,
      marginTop: 24,
      x: axis.scale,
      y: { domain: files, label: null, axis: null, padding: 0.4 },
      fy: { domain: shown, label: null, axis: null, padding: 0.22 },
      marks: [
        axis.marks,
        Plot.frame({ stroke: 'currentColor', strokeOpacity: 0.25 }),
        Plot.rectX(
          noise.filter(({ batch }) => shown.includes(batch)),
          {
            fy: 'batch',
            x1: (band: { low: number }) => Math.max(band.low, least),
            x2: 'high',
            fill: 'currentColor',
            fillOpacity: 0.14,
          },
        ),
        Plot.ruleX([1], { stroke: 'currentColor', strokeDasharray: '1 3' }),
        Plot.ruleX(
          floors.filter(({ batch, ratio }) => shown.includes(batch) && ratio >= least),
          {
            fy: 'batch',
            x: 'ratio',
            stroke: floor.colour,
            strokeWidth: 2,
            strokeDasharray: floor.dash,
          },
        ),
        Plot.axisY({
          tickSize: 0,
          tickFormat: (file: string) => labels.get(file) ?? file,
          lineWidth: 8,
          textOverflow: 'ellipsis-middle',
        }),
        Plot.text(shown, {
          fy: (batch: string) => batch,
          text: (batch: string) => batch,
          frameAnchor: 'top-left',
          dy: -15,
          fontWeight: 600,
        }),
        // Said besides being drawn: at large batches it lies far outside.
        Plot.text(
          floors.filter(({ batch }) => shown.includes(batch)),
          {
            fy: 'batch',
            text: ({ ratio }: { ratio: number }) => `empty call: ${plain(ratio)} times`,
            frameAnchor: 'top-right',
            dy: -15,
          },
        ),
        Plot.ruleY(rows, {
          fy: 'batch',
          y: 'file',
          x1: (row: Row) => Math.max(row.low, least),
          x2: 'high',
          stroke: model.colour,
          strokeWidth: 2.5,
        }),
        Plot.dot(rows, { fy: 'batch', y: 'file', x: 'ratio', fill: model.colour, r: 4.5 }),
      ],
    }),
    legend: [
      { label: 'model', style: { ...model, dash: 'none' } },
      ...(floors.some(({ ratio }) => ratio >= least)
        ? [{ label: 'empty call (floor)', style: { ...floor, symbol: 'none' as const } }]
        : []),
    ],
    caption:
      `The baseline is ${baseline}; left of 1 is faster. Bars are 95 % intervals over ` +
      `${count(bench.options.repeats, 'repeat')}. ${floors.length > 0 ? 'A call of an empty graph costs what is written above each frame; it is drawn where it is in reach. ' : ''}` +
      (noise.length > 0
        ? 'The grey band is the baseline measured against itself: a difference inside it is none.'
        : ''),
  };
}

function batchLabel(batch: number): string {
  return `batch ${batch}`;
}

/** The floor's median over the baseline's, by batch size. */
export function floorRatios(bench: BenchResult): { batch: string; ratio: number }[] {
  const baseline = baselineOf(bench);
  return bench.floor.flatMap(({ batch, latencyMicros }) => {
    const other = baseline?.batches.find((timed) => timed.batch === batch);
    const ratio = latencyMicros.p50 / (other?.latencyMicros.p50 ?? NaN);
    return Number.isFinite(ratio) && ratio > 0 ? [{ batch: batchLabel(batch), ratio }] : [];
  });
}

/** Room for the intervals and for 1, the baseline itself. */
function domainOf(values: readonly number[]): readonly [number, number] {
  const positive = [...values, 1].filter((value) => Number.isFinite(value) && value > 0);
  return [Math.min(...positive) / 1.15, Math.max(...positive) * 1.15];
}

/** Round ratios; finer ones where all is near 1. */
function ratioTicks([low, high]: readonly [number, number]): number[] {
  const ticks = logTicks(low, high);
  if (ticks.length > 2) return ticks;
  return [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2].filter((tick) => tick >= low && tick <= high);
}
