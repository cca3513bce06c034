import type { BenchResult } from '@winning-tickets/bench';
import { bytesText, decimal, densityText, microsText, percentage, unknown, whole } from '../format.js';
import type { Html } from '../html.js';
import { baselineLabel, modelLabel } from '../models.js';
import { table } from './table.js';

/**
 * Size, load time, memory and accuracy of each benchmarked model.
 *
 * @param suffix of the table's id, unique in the page
 */
export function modelsTable(bench: BenchResult, suffix: string): Html {
  return table(
    `table-models${suffix}`,
    'The benchmarked files. Session creation is the median over several loads; resident memory is above that of a ' +
      'process with an empty graph.',
    [
      { heading: 'Model', cell: (model) => modelLabel(bench, model) },
      { heading: 'Encoding', text: true, cell: encodingText },
      { heading: 'Weights left', cell: ({ density }) => densityText(density) },
      { heading: 'File size', cell: ({ bytes }) => bytesText(bytes) },
      {
        heading: 'Session creation',
        note: 'median',
        cell: ({ sessionCreationMicros }) => microsText(median(sessionCreationMicros)),
      },
      { heading: 'Resident memory', cell: ({ residentBytes }) => bytesText(residentBytes) },
      {
        heading: 'Test accuracy',
        note: '% (samples)',
        cell: ({ testAccuracy }) =>
          testAccuracy ? `${percentage(testAccuracy.accuracy)} (${whole(testAccuracy.samples)})` : unknown,
      },
      { heading: 'File', text: true, cell: ({ name }) => name },
    ],
    bench.models,
  );
}

type Row = { name: string } & BenchResult['noise'][number];

/** Latency and throughput of each model at each batch size, with the empty call and the baseline against itself. */
export function latencyTable(bench: BenchResult, suffix: string): Html {
  const batches = [...new Set(bench.models.flatMap((model) => model.batches.map(({ batch }) => batch)))].sort(
    (a, b) => a - b,
  );
  const rows = batches.flatMap((batch): Row[] => [
    ...bench.models.flatMap((model): Row[] =>
      model.batches
        .filter((timed) => timed.batch === batch)
        .map((timed) => ({ name: modelLabel(bench, model), ...timed })),
    ),
    ...bench.noise
      .filter((timed) => timed.batch === batch)
      .map((timed) => ({ name: 'baseline again (noise)', ...timed })),
    ...bench.floor
      .filter((timed) => timed.batch === batch)
      .map((timed) => ({ name: 'empty call (floor)', ratioToBaseline: null, ...timed })),
  ]);
  return table(
    `table-latency${suffix}`,
    `Wall time per call. Ratios are to ${baselineLabel(bench)}, paired over repeats; below 1 is faster. Throughput ` +
      'counts samples.',
    [
      { heading: 'Model', cell: ({ name }) => name },
      { heading: 'Batch', cell: ({ batch }) => whole(batch) },
      { heading: 'p50', cell: ({ latencyMicros }) => microsText(latencyMicros.p50) },
      { heading: 'p95', cell: ({ latencyMicros }) => microsText(latencyMicros.p95) },
      { heading: 'p99', cell: ({ latencyMicros }) => microsText(latencyMicros.p99) },
      {
        heading: 'Throughput',
        note: 'per second',
        cell: ({ throughputPerSecond }) => whole(throughputPerSecond),
      },
      {
        heading: 'Ratio to baseline',
        note: '[95 % interval]',
        cell: ({ ratioToBaseline }) =>
          ratioToBaseline
            ? `${decimal(ratioToBaseline.ratio)} [${decimal(ratioToBaseline.low)}, ${decimal(ratioToBaseline.high)}]`
            : unknown,
      },
      { heading: 'Claim', text: true, cell: ({ verdict }) => verdict ?? unknown },
      {
        heading: 'Above the empty call',
        note: 'ratio',
        cell: ({ ratioAboveFloor }) => (ratioAboveFloor ? decimal(ratioAboveFloor.ratio) : unknown),
      },
      { heading: 'Bound by', text: true, cell: ({ bound }) => bound?.by ?? unknown },
    ],
    rows,
  );
}

// With the form of the inputs where that is not dense and the encoding does not say it already.
function encodingText({ encoding = unknown, inputForm = 'dense' }: BenchResult['models'][number]): string {
  return inputForm === 'dense' || inputForm === encoding ? encoding : `${encoding}, ${inputForm}`;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
