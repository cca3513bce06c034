import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { measureBlock } from './measure.js';
import type { BenchOptions } from './options.js';
import { randomStream, shuffled } from './random.js';
import type { BenchResult, TimedBatch } from './result.js';
import { interleave } from './schedule.js';
import { summarize } from './statistics.js';

/** A session that is timed beside others, with what it is fed at each batch size. */
export interface Lane {
  readonly name: string;
  readonly session: InferenceSession;
  readonly inputName: string;
  /** Batch size -> float32 `[batch, ...]`. */
  readonly inputs: ReadonlyMap<number, Tensor>;
}

/**
 * Times all lanes at all their batch sizes, in interleaved blocks, after a warm-up of each.
 *
 * @returns for each lane its batches, in the order of its inputs.
 */
export async function timeLanes(
  lanes: readonly Lane[],
  settings: BenchResult['options'],
  { onProgress, signal }: Pick<BenchOptions, 'onProgress' | 'signal'>,
): Promise<TimedBatch[][]> {
  const random = randomStream(settings.seed);
  const cells = lanes.flatMap((lane) => [...lane.inputs].map(([batch, input]) => cell(lane, batch, input)));
  for (const { call } of shuffled(cells, random)) {
    signal?.throwIfAborted();
    await measureBlock(call, {
      blockMillis: settings.warmupMillis,
      warmupMillis: 0,
      maxSamples: Infinity,
    });
  }
  const blocks = interleave(cells, settings.repeats, random);
  for (const [index, { item }] of blocks.entries()) {
    signal?.throwIfAborted();
    item.samplesMicros.push(
      await measureBlock(item.call, {
        blockMillis: settings.blockMillis,
        warmupMillis: settings.blockMillis / 10,
        maxSamples: settings.maxSamplesPerBlock,
      }),
    );
    const label = `${item.lane.name}, batch ${item.batch}`;
    onProgress?.({ stage: 'latency', done: index + 1, total: blocks.length, label });
  }
  return lanes.map((lane) => cells.filter((cell) => cell.lane === lane).map(timedBatch));
}

interface Cell {
  readonly lane: Lane;
  readonly batch: number;
  readonly call: () => Promise<unknown>;
  /** One array per repeat, filled in the order of the repeats. */
  readonly samplesMicros: number[][];
}

function cell(lane: Lane, batch: number, input: Tensor): Cell {
  const feeds = { [lane.inputName]: input };
  return { lane, batch, call: () => lane.session.run(feeds), samplesMicros: [] };
}

function timedBatch({ batch, samplesMicros }: Cell): TimedBatch {
  const latencyMicros = summarize(samplesMicros);
  return { batch, samplesMicros, latencyMicros, throughputPerSecond: (batch * 1e6) / latencyMicros.mean };
}
