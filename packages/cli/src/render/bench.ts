import type { BenchResult, Latency, ModelResult, Ratio } from '@winning-tickets/bench';

/** What a benchmark found, without its samples. */
export interface LatencySummary {
  readonly file: string;
  readonly encoding: string | null;
  readonly inputForm: NonNullable<ModelResult['inputForm']>;
  readonly density: number | null;
  readonly bytes: number;
  readonly testAccuracy: number | null;
  readonly batches: readonly {
    readonly batch: number;
    readonly latencyMicros: Latency;
    readonly throughputPerSecond: number;
    readonly ratioToBaseline: Ratio | null;
  }[];
}

/** A benchmark's models with their latencies, without the samples. */
export function benchSummary({ models }: BenchResult): LatencySummary[] {
  return models.map(({ file, encoding, inputForm, density, bytes, testAccuracy, batches }) => ({
    file,
    encoding: encoding ?? null,
    inputForm: inputForm ?? 'dense',
    density: density ?? null,
    bytes,
    testAccuracy: testAccuracy?.accuracy ?? null,
    batches: batches.map(({ batch, latencyMicros, throughputPerSecond, ratioToBaseline }) => ({
      batch,
      latencyMicros,
      throughputPerSecond,
      ratioToBaseline,
    })),
  }));
}
