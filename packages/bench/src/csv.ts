import type { Crossing } from './crossover/crossings.js';
import type { Crossover } from './crossover/result.js';
import type { BenchResult, Bound, ModelResult, Ratio } from './result.js';

type Cell = string | number | undefined;

/**
 * The tables of a result as CSV by name (RFC 4180: CRLF, quotes where needed, a header line), with full precision
 * and an empty field for what is not known.
 *
 * `latency` and `throughput` have a row for each model and batch size, the empty graph and the baseline's second run
 * among them; `size` a row for each model; `session` a row for each session creation: the first of each
 * fresh process, with how long the process took to start and the first call took, then those of a running process.
 */
export function toCsv(result: BenchResult): Record<'latency' | 'throughput' | 'size' | 'session', string> {
  const timed = [
    ...result.models.flatMap((model) => model.batches.map((row) => ({ ...identity(model), ...row }))),
    ...result.noise.map((row) => ({
      kind: 'noise',
      file: result.baseline,
      name: 'baseline again',
      inputForm: formOf(result.models.find(({ file }) => file === result.baseline)),
      ...row,
    })),
    ...result.floor.map((row) => ({
      kind: 'floor',
      file: '',
      name: 'empty graph',
      inputForm: formOf(undefined),
      ...row,
      ratioToBaseline: null,
      ratioAboveFloor: null,
      verdict: undefined,
      bound: undefined,
    })),
  ];
  return {
    latency: csv(
      [
        ...['kind', 'file', 'name', 'inputForm', 'batch', 'samples'],
        ...['p50Micros', 'p95Micros', 'p99Micros', 'meanMicros'],
        ...['ratioToBaseline', 'ratioLow', 'ratioHigh', 'verdict'],
        ...['ratioAboveFloor', 'aboveFloorLow', 'aboveFloorHigh'],
        ...['operators', 'operations', 'movedBytes', 'hostBytes', 'boundBy'],
      ],
      timed.map(({ kind, file, name, inputForm, batch, samplesMicros, latencyMicros, ...compared }) => [
        ...[kind, file, name, inputForm, batch],
        ...[samplesMicros.reduce((count, block) => count + block.length, 0)],
        ...[latencyMicros.p50, latencyMicros.p95, latencyMicros.p99, latencyMicros.mean],
        ...ratioCells(compared.ratioToBaseline),
        compared.verdict,
        ...ratioCells(compared.ratioAboveFloor),
        ...boundCells(compared.bound),
      ]),
    ),
    throughput: csv(
      ['kind', 'file', 'name', 'inputForm', 'batch', 'throughputPerSecond'],
      timed.map(({ kind, file, name, inputForm, batch, throughputPerSecond }) => [
        ...[kind, file, name, inputForm, batch, throughputPerSecond],
      ]),
    ),
    size: csv(
      [
        ...[
          'file',
          'name',
          'inputForm',
          'encoding',
          'density',
          'bytes',
          'residentBytes',
          'peakResidentBytes',
        ],
        ...['testAccuracy', 'testSamples'],
      ],
      result.models.map((model) => [
        ...[model.file, model.name, formOf(model), model.encoding, model.density],
        ...[model.bytes, model.residentBytes, model.peakResidentBytes],
        ...[model.testAccuracy?.accuracy, model.testAccuracy?.samples],
      ]),
    ),
    session: csv(
      [
        'file',
        'name',
        'process',
        'creation',
        'sessionCreationMicros',
        'processStartMicros',
        'firstRunMicros',
      ],
      result.models.flatMap(({ file, name, sessionCreationMicros, memory }) => [
        ...memory.map(({ sessionCreationMicros: first, startMicros, firstRunMicros }, index) => [
          ...[file, name, `fresh ${index + 1}`, 1, first, startMicros, firstRunMicros],
        ]),
        ...sessionCreationMicros.map((micros, index) => [
          ...[file, name, 'running', index + 1, micros, undefined, undefined],
        ]),
      ]),
    ),
  };
}

/** Every case of a crossover map as CSV, as `toCsv` writes them, a row for each. */
export function crossoverCsv({ cells, options }: Pick<Crossover, 'cells' | 'options'>): string {
  return csv(
    [
      ...['width', 'density', 'batch', 'encoding', 'micros', 'denseMicros'],
      ...['ratio', 'ratioLow', 'ratioHigh', 'verdict', 'masks', 'leastMaskRatio', 'mostMaskRatio'],
    ],
    cells.map(({ width, density, batch, encoding, micros, denseMicros, ratio, verdict, maskRatios }) => [
      ...[width, density, batch, encoding, micros, denseMicros],
      ...ratioCells(ratio),
      ...[verdict, options.seeds],
      ...(maskRatios.length === 0
        ? [undefined, undefined]
        : [Math.min(...maskRatios), Math.max(...maskRatios)]),
    ]),
  );
}

/** Where each encoding of a crossover map begins to pay, as CSV. */
export function crossingsCsv(crossings: readonly Crossing[]): string {
  return csv(
    ['width', 'batch', 'encoding', 'paysBelow'],
    crossings.map(({ width, batch, encoding, paysBelow }) => [width, batch, encoding, paysBelow]),
  );
}

function identity(model: ModelResult) {
  return { kind: 'model', file: model.file, name: model.name, inputForm: formOf(model) };
}

function ratioCells(found: Ratio | null | undefined): Cell[] {
  return [found?.ratio, found?.low, found?.high];
}

function boundCells(bound: Bound | undefined): Cell[] {
  return [bound?.operators, bound?.operations, bound?.bytes, bound?.hostBytes, bound?.by];
}

function formOf(model: ModelResult | undefined): string {
  return model?.inputForm ?? 'dense';
}

function csv(headers: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [headers, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: Cell): string {
  const text = value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
