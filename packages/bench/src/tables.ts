import type { BenchResult, ModelResult, RatedBatch, Ratio } from './result.js';
import { median } from './statistics.js';

/** A table for people: headers and rows of text. */
export interface Table {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Latency and throughput of each model at each batch size, with the floor and the noise of the machine below. */
export function latencyTable(result: BenchResult): Table {
  const headers = [
    'model',
    'batch',
    'p50 µs',
    'p95 µs',
    'p99 µs',
    'mean µs',
    'samples/s',
    'latency / baseline',
    'verdict',
    'above the empty graph',
    'bound by',
  ];
  const row = (
    name: string,
    batch: Omit<RatedBatch, 'ratioToBaseline'>,
    ratio: string,
    compared = true,
  ): string[] => {
    const { p50, p95, p99, mean } = batch.latencyMicros;
    const latencies = [p50, p95, p99, mean].map(threeDigits);
    return [
      name,
      String(batch.batch),
      ...latencies,
      threeDigits(batch.throughputPerSecond),
      ratio,
      ...(compared ? [batch.verdict ?? '', ratioText(batch.ratioAboveFloor ?? null)] : ['', '']),
      batch.bound?.by ?? '',
    ];
  };
  return {
    headers,
    rows: [
      ...result.models.flatMap((model) =>
        model.batches.map((batch) =>
          row(nameOf(model), batch, ratioOf(result, model, batch), model.file !== result.baseline),
        ),
      ),
      ...result.noise.map((batch) => row('(baseline again)', batch, ratioText(batch.ratioToBaseline))),
      ...result.floor.map((batch) => row('(empty graph)', batch, '', false)),
    ],
  };
}

/**
 * File size, resident memory, session creation and accuracy of each model. The first session and the first call are those
 * of a fresh process; on a GPU they hold its set-up too.
 */
export function sizeTable(result: BenchResult): Table {
  return {
    headers: [
      ...['model', 'encoding', 'density', 'file', 'memory', 'peak memory'],
      ...['session ms', 'first session ms', 'first call ms', 'test accuracy'],
    ],
    rows: result.models.map((model) => [
      nameOf(model),
      model.encoding ?? '',
      model.density === undefined ? '' : `${(100 * model.density).toFixed(2)} %`,
      kilobytes(model.bytes),
      kilobytes(model.residentBytes),
      kilobytes(model.peakResidentBytes),
      millis(model.sessionCreationMicros),
      millis(model.memory.flatMap(({ sessionCreationMicros = [] }) => sessionCreationMicros)),
      millis(model.memory.flatMap(({ firstRunMicros = [] }) => firstRunMicros)),
      model.testAccuracy ? `${(100 * model.testAccuracy.accuracy).toFixed(2)} %` : '',
    ]),
  };
}

/** A table as text: columns padded to one width, the first aligned left and the others right. */
export function renderTable({ headers, rows }: Table): string {
  const lines = [headers, ...rows];
  const widths = headers.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const align = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return lines.map((line) => line.map(align).join('  ').trimEnd()).join('\n');
}

/** A model's name, with the form of its inputs where that is not dense. */
function nameOf({ name, inputForm = 'dense' }: ModelResult): string {
  return inputForm === 'dense' ? name : `${name} (${inputForm})`;
}

function ratioOf(result: BenchResult, model: ModelResult, batch: RatedBatch): string {
  return model.file === result.baseline ? '(baseline)' : ratioText(batch.ratioToBaseline);
}

function ratioText(found: Ratio | null): string {
  if (!found) return '';
  const { ratio, low, high } = found;
  return `${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

/** Three significant digits, or all of the integer part. */
function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** The median; empty where nothing was measured. */
function millis(micros: readonly number[]): string {
  return micros.length === 0 ? '' : (median(micros) / 1e3).toFixed(2);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1e3).toFixed(1)} kB`;
}
