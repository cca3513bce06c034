import type { BenchResult } from '@winning-tickets/bench';
import { answersOf, answerText } from './answer.js';
import { figures } from './document.js';
import { type Html, markup } from './html.js';
import { modelLabel } from './models.js';
import { latency } from './plots/latency.js';
import { throughput } from './plots/throughput.js';
import { latencyTable, modelsTable } from './tables/bench.js';

/** Where a benchmark ran, in few words: `CPU: AMD EPYC, 1 thread`, `CUDA: NVIDIA H100`. */
export function placeOf({ environment, options }: BenchResult): string {
  const { cpu, gpu } = environment;
  if (options.provider === 'cpu') return `CPU (${cpu}, threads: ${options.threads})`;
  return `${options.provider === 'cuda' ? 'CUDA' : 'WebGPU'} (${gpu?.name ?? 'an unnamed GPU'})`;
}

/** What a reader wants to know first: how much faster, and what bounds it. */
export function answerList(bench: BenchResult): Html | undefined {
  const answers = answersOf(bench);
  if (answers.length === 0) return undefined;
  return markup`<p>${placeOf(bench)}:</p>
    <ul>
      ${answers.map((answer) => markup`<li>${answerText(answer, bench, (model) => modelLabel(bench, model))}</li>`)}
    </ul>`;
}

/**
 * The answer of a benchmark and its evidence below.
 *
 * @param suffix of the ids of figures and tables, unique among the benchmarks of a page; '' for the only one
 */
export function benchEvidence(bench: BenchResult, suffix: string): Html {
  return markup`${figures([latency(bench, suffix), throughput(bench, suffix)])}${modelsTable(bench, suffix)}${latencyTable(bench, suffix)}`;
}
