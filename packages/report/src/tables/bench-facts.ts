import type { BenchResult } from '@winning-tickets/bench';
import { bytesText, count } from '../format.js';
import type { Html } from '../html.js';
import { facts } from './table.js';

/**
 * The machine and the settings of a benchmark.
 *
 * @param suffix of the table's id, unique in the page
 */
export function benchFacts(
  { environment, options, startedAt, finishedAt }: BenchResult,
  suffix: string,
): Html {
  return facts(`table-machine${suffix}`, 'The benchmark', [
    ['Processor', `${environment.cpu}, ${count(environment.cores, 'core')}`],
    ...(environment.gpu
      ? [['GPU', `${environment.gpu.name}, driver ${environment.gpu.driver}`] as const]
      : []),
    ['Memory', bytesText(environment.memoryBytes)],
    ['Operating system', environment.os],
    ['Node', environment.node],
    [
      'ONNX Runtime',
      `${environment.onnxruntime}, provider ${options.provider}, ${count(options.threads, 'thread')}`,
    ],
    [
      'Load average',
      `${loads(environment.loadAverageBefore)} before, ${loads(environment.loadAverageAfter)} after (1, 5, 15 minutes)`,
    ],
    [
      'Repeats',
      `${options.repeats} interleaved, ${options.blockMillis} ms per block, ${options.warmupMillis} ms of warm-up, seed ${options.seed}`,
    ],
    ['Started and finished', `${startedAt} and ${finishedAt}`],
  ]);
}

function loads(values: readonly number[]): string {
  return values.map((value) => value.toFixed(2)).join(', ');
}
