import { basename } from 'node:path';
import type { BenchEnvironment, BenchResult, Latency, Ratio } from '@winning-tickets/bench';

/** What one benchmark says, without its samples. Ratios are to the dense model: below 1 is faster; 95 % intervals. */
export interface MeasuredRun {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly environment: BenchEnvironment;
  readonly options: BenchResult['options'];
  /** The dense model against itself, at each batch size. */
  readonly noise: readonly MeasuredBatch[];
  readonly models: readonly {
    readonly name: string;
    readonly encoding: string;
    readonly bytes: number;
    readonly inputForm: string;
    readonly batches: readonly MeasuredBatch[];
  }[];
  readonly warnings: readonly string[];
}

export interface MeasuredBatch {
  readonly batch: number;
  readonly latencyMicros: Latency;
  readonly ratioToDense: Ratio | null;
  readonly verdict: 'faster' | 'slower' | 'same' | null;
}

/** Which encoding of a ticket is the fastest on a machine, and what that is known from; plain JSON. */
export interface BestEvidence {
  readonly schema: 1;
  readonly kind: 'best-encoding';
  /** SHA-256 of the ticket. */
  readonly ticket: string;
  /** The files that were written, by batch size; several sizes may share one. */
  readonly best: readonly {
    readonly batch: number;
    readonly file: string;
    readonly name: string;
    readonly encoding: string;
    /** Whether it is faster than dense beyond doubt in the run that chose; otherwise it is dense. */
    readonly beatsDense: boolean;
    /** What the run that reports says of it; null for dense itself. */
    readonly reported: MeasuredBatch | null;
  }[];
  readonly leftOut: readonly { readonly encoding: string; readonly reason: string }[];
  /** The run over all candidates that made the choice. */
  readonly chosenIn: MeasuredRun;
  /** Another run, over dense and the chosen, with another seed: what the choice gains is said by this one. */
  readonly reportedIn: MeasuredRun;
}

/** A benchmark without its samples, its files by their names. */
export function measuredRun(result: BenchResult): MeasuredRun {
  const { startedAt, finishedAt, environment, options, noise, models, warnings } = result;
  return {
    ...{ startedAt, finishedAt, environment, options, warnings },
    noise: noise.map(measuredBatch),
    models: models.map(({ file, encoding = '', bytes, inputForm = 'dense', batches }) => ({
      ...{ name: basename(file, '.onnx'), encoding, bytes, inputForm },
      batches: batches.map(measuredBatch),
    })),
  };
}

function measuredBatch(row: BenchResult['noise'][number]): MeasuredBatch {
  const { batch, latencyMicros, ratioToBaseline, verdict = null } = row;
  return { batch, latencyMicros, ratioToDense: ratioToBaseline, verdict };
}
