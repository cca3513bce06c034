import type { BenchResult } from '@winning-tickets/bench';

/** The model to use at one batch size, and why. */
export interface Choice {
  readonly batch: number;
  /** A file of the benchmark. */
  readonly file: string;
  /** Whether it is faster than the baseline beyond doubt; otherwise it is the baseline. */
  readonly beatsBaseline: boolean;
}

/**
 * The fastest model at each batch size: of those that a benchmark calls faster than its baseline (`Verdict`), the one of
 * the least median latency; the baseline where there is none.
 *
 * It is a choice among many, so the times that led to it flatter it: what it gains has to be measured again.
 */
export function choose({ models, baseline, options }: BenchResult): Choice[] {
  return options.batches.map((batch) => {
    const rows = models.flatMap(({ file, batches }) => {
      const row = batches.find((one) => one.batch === batch);
      return row?.verdict === 'faster' && file !== baseline ? [{ file, median: row.latencyMicros.p50 }] : [];
    });
    const [best] = rows.toSorted((a, b) => a.median - b.median);
    return { batch, file: best?.file ?? baseline, beatsBaseline: best !== undefined };
  });
}

/** Where each chosen model is written: one file where one is the best everywhere, else a file for each of them. */
export function targetsOf(stem: string, choices: readonly Choice[]): ReadonlyMap<string, string> {
  const files = [...new Set(choices.map(({ file }) => file))];
  return new Map(
    files.map((file) => {
      const batches = choices.filter((choice) => choice.file === file).map(({ batch }) => batch);
      return [file, files.length === 1 ? `${stem}.onnx` : `${stem}-batch${batches.join('-')}.onnx`];
    }),
  );
}
