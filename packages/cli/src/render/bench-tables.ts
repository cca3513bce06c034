import { basename } from 'node:path';
import type { BenchResult, ModelResult, RatedBatch, Ratio } from '@winning-tickets/bench';
import type { Run } from '@winning-tickets/train';
import { bytesText, percent, unknown } from './format.js';
import type { Table } from './table.js';

type Stages = Pick<Run, 'stages'>;

// What fits beside the names of the models into 120 columns.
const BATCHES_PER_TABLE = 3;

/** File size, memory, session creation and accuracy of a run's models, which are called by their tickets. */
export function modelSizeTable({ models }: BenchResult, run: Stages): Table {
  return {
    headers: [...identityHeaders, 'file', 'memory', 'peak memory', 'session ms', 'test accuracy'],
    rows: models.map((model) => [
      ...identity(model, run),
      bytesText(model.bytes),
      signedBytes(model.residentBytes),
      signedBytes(model.peakResidentBytes),
      (middle(model.sessionCreationMicros) / 1e3).toFixed(2),
      model.testAccuracy ? percent(model.testAccuracy.accuracy) : unknown,
    ]),
  };
}

/**
 * Median latency in microseconds and its ratio to the baseline of a run's models, a row each and a column for each
 * batch size; several tables where the batch sizes are many. Everything else that was measured is in the CSV files.
 */
export function modelLatencyTables(result: BenchResult, run: Stages): Table[] {
  const { batches } = result.options;
  const tables = Math.ceil(batches.length / BATCHES_PER_TABLE);
  return Array.from({ length: tables }, (_, index) =>
    latencyTable(result, run, batches.slice(index * BATCHES_PER_TABLE, (index + 1) * BATCHES_PER_TABLE)),
  );
}

/** How to read the tables. */
export function benchCaption({ models, baseline }: BenchResult, run: Stages): string {
  const model = models.find(({ file }) => file === baseline);
  const name = model ? identity(model, run).join(', ') : basename(baseline);
  return (
    `Median µs per call, and the ratio to ${name} with its 95 % interval; faster or slower\n` +
    `is what its 99.9 % interval, the baseline against itself, and at least 2 % say so. p95, p99 and throughput: bench-*.csv.`
  );
}

const identityHeaders = ['ticket', 'encoding'];

function identity(
  model: Pick<ModelResult, 'name' | 'encoding' | 'density' | 'inputForm'>,
  { stages }: Stages,
): string[] {
  const stage = stages.find(
    ({ trial, branch, density }) => trial === 1 && branch === 'iterative' && density === model.density,
  );
  const name = stage ? `level ${stage.level}, ${percent(stage.density)}` : model.name;
  return [name, encodingText(model)];
}

// The form of the inputs is said where it is not dense and the encoding does not say it already.
function encodingText({
  encoding,
  inputForm = 'dense',
}: Pick<ModelResult, 'encoding' | 'inputForm'>): string {
  if (inputForm === 'dense' || inputForm === encoding) return encoding ?? unknown;
  return `${encoding ?? unknown}, ${inputForm}`;
}

function latencyTable(result: BenchResult, run: Stages, batches: readonly number[]): Table {
  const { models, noise, floor } = result;
  const names = [...models.map((model) => identity(model, run)), ['baseline again', ''], ['empty graph', '']];
  const columns = batches.map((batch) => {
    const at = <T extends { batch: number }>(rows: readonly T[]) => rows.find((row) => row.batch === batch);
    const again = at(noise)?.ratioToBaseline ?? null;
    return aligned(`batch ${batch}: µs, ratio`, [
      ...models.map((model) => [micros(at(model.batches)), ratioCell(result, model, at(model.batches))]),
      [micros(at(noise)), again ? ratioText(again) : ''],
      [micros(at(floor)), ''],
    ]);
  });
  return {
    headers: [...identityHeaders, ...columns.map(({ header }) => header)],
    rows: names.map((name, index) => [...name, ...columns.map(({ cells }) => cells[index] ?? '')]),
  };
}

function ratioCell({ baseline }: BenchResult, { file }: ModelResult, row: RatedBatch | undefined): string {
  if (file === baseline) return 'baseline';
  const ratio = row?.ratioToBaseline;
  return ratio ? `${ratioText(ratio)} ${row.verdict ?? ''}`.trimEnd() : '';
}

// Numbers to the right and what follows them to the left, all of one width.
function aligned(header: string, cells: readonly (readonly string[])[]) {
  const width = Math.max(...cells.map(([number = '']) => number.length));
  const joined = cells.map(([number = '', text = '']) => `${number.padStart(width)} ${text}`);
  const all = Math.max(header.length, ...joined.map((cell) => cell.length));
  return { header: header.padEnd(all), cells: joined.map((cell) => cell.padEnd(all)) };
}

function micros(row: Pick<RatedBatch, 'latencyMicros'> | undefined): string {
  return row ? threeDigits(row.latencyMicros.p50) : unknown;
}

function ratioText({ ratio, low, high }: Ratio): string {
  return `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

// Memory is a difference of two processes, so that of a small model may come out below 0.
function signedBytes(bytes: number): string {
  return bytes < 0 ? `-${bytesText(-bytes)}` : bytesText(bytes);
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
