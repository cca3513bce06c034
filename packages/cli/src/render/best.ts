import type { ShownEvidence } from '../best/parse-evidence.js';
import { bytesText } from './format.js';
import type { Table } from './table.js';

type MeasuredBatch = NonNullable<ShownEvidence['best'][number]['reported']>;

/** Which encoding is the best at each batch size, a line each, by the run that had no part in the choice. */
export function bestText({ best, leftOut }: Pick<ShownEvidence, 'best' | 'leftOut'>): string {
  return [
    ...best.map(({ batch, file, name, encoding, reported }) =>
      reported === null
        ? `batch ${batch}: dense, since nothing is faster beyond doubt; ${file}`
        : `batch ${batch}: ${encoding}, ${gain(reported)}; ${file} (${name})`,
    ),
    ...leftOut.map(({ encoding, reason }) => `left out ${encoding}: ${reason}`),
  ].join('\n');
}

function gain({ ratioToDense, latencyMicros, verdict }: MeasuredBatch): string {
  const micros = `${latencyMicros.p50.toFixed(1)} µs`;
  if (!ratioToDense) return micros;
  const { ratio, low, high } = ratioToDense;
  const times = `${ratio.toFixed(2)} of dense's latency (${low.toFixed(2)} to ${high.toFixed(2)}), ${micros}`;
  return verdict === 'faster' ? times : `${times}, which a second measurement does not confirm as faster`;
}

/** Every candidate at every batch size: what the run that chose says, and the run that reports of dense and the chosen. */
export function candidatesTable({ chosenIn, reportedIn }: ShownEvidence): Table {
  const reported = (name: string, batch: number) =>
    reportedIn.models.find((model) => model.name === name)?.batches.find((row) => row.batch === batch);
  return {
    headers: ['model', 'encoding', 'file', 'batch', 'p50 µs', 'of dense', 'verdict', 'measured again'],
    rows: chosenIn.models.flatMap(({ name, encoding, bytes, batches }) =>
      batches.map((row) => [
        ...[name, encoding, bytesText(bytes), String(row.batch), row.latencyMicros.p50.toFixed(1)],
        ...[ratioText(row), row.verdict ?? '', ratioText(reported(name, row.batch))],
      ]),
    ),
  };
}

function ratioText(row: MeasuredBatch | undefined): string {
  if (!row?.ratioToDense) return '';
  const { ratio, low, high } = row.ratioToDense;
  return `${ratio.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}
