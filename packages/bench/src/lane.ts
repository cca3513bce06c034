import type { InferenceSession } from 'onnxruntime-node';
import type { GpuWatch } from './gpu-state.js';
import type { Feeds } from './inputs.js';
import { measureBlock } from './measure.js';
import type { BenchOptions } from './options.js';
import { randomStream, shuffled } from './random.js';
import type { BenchResult, GpuState, TimedBatch } from './result.js';
import { interleave } from './schedule.js';
import { runFailure } from './session.js';
import { summarize } from './statistics.js';

/** A session that is timed beside others, with what it is fed at each batch size. */
export interface Lane {
  readonly name: string;
  readonly file: string;
  readonly session: InferenceSession;
  /** Batch size -> one or more batches, which calls take in turn: inputs by name, `[batch, ...]` each. */
  readonly inputs: ReadonlyMap<number, readonly Feeds[]>;
}

/**
 * Times all lanes at all their batch sizes, in interleaved blocks, after a warm-up of each.
 *
 * @param gpu what reads the state of the GPU before and after each block, if one does
 * @returns for each lane its batches, in the order of its inputs.
 * @throws Error in one sentence when the runtime cannot run a model at a batch size, naming the file and the shape.
 */
export async function timeLanes(
  lanes: readonly Lane[],
  settings: BenchResult['options'],
  { onProgress, signal }: Pick<BenchOptions, 'onProgress' | 'signal'>,
  gpu?: GpuWatch,
): Promise<TimedBatch[][]> {
  const random = randomStream(settings.seed);
  const cells = lanes.flatMap((lane) => [...lane.inputs].map(([batch, feeds]) => cell(lane, batch, feeds)));
  for (const cell of shuffled(cells, random)) {
    signal?.throwIfAborted();
    await warmUp(cell, settings.warmupMillis);
  }
  const blocks = interleave(cells, settings.repeats, random);
  for (const [index, { item }] of blocks.entries()) {
    signal?.throwIfAborted();
    const before = gpu?.latest();
    item.samplesMicros.push(
      await measureBlock(item.call, {
        blockMillis: settings.blockMillis,
        warmupMillis: settings.blockMillis / 10,
        maxSamples: settings.maxSamplesPerBlock,
      }),
    );
    const after = gpu?.latest();
    if (before && after) item.gpuStates.push({ before, after });
    const label = `${item.lane.name}, batch ${item.batch}`;
    onProgress?.({ stage: 'latency', done: index + 1, total: blocks.length, label });
  }
  return lanes.map((lane) => cells.filter((cell) => cell.lane === lane).map(timedBatch));
}

interface Cell {
  readonly lane: Lane;
  readonly batch: number;
  readonly feeds: readonly Feeds[];
  readonly call: () => Promise<unknown>;
  /** One array per repeat, filled in the order of the repeats. */
  readonly samplesMicros: number[][];
  /** As many, or none. */
  readonly gpuStates: { readonly before: GpuState; readonly after: GpuState }[];
}

function cell(lane: Lane, batch: number, feeds: readonly Feeds[]): Cell {
  let calls = 0;
  const call = () => lane.session.run(feeds[calls++ % feeds.length] ?? {});
  return { lane, batch, feeds, call, samplesMicros: [], gpuStates: [] };
}

// The first calls of a cell, so what the model cannot do shows here.
async function warmUp({ lane, feeds, call }: Cell, warmupMillis: number): Promise<void> {
  try {
    await measureBlock(call, { blockMillis: warmupMillis, warmupMillis: 0, maxSamples: Infinity });
  } catch (cause) {
    throw runFailure(lane.file, Object.values(feeds[0] ?? {})[0]?.dims ?? [], cause);
  }
}

function timedBatch({ batch, samplesMicros, gpuStates }: Omit<Cell, 'lane' | 'feeds' | 'call'>): TimedBatch {
  const latencyMicros = summarize(samplesMicros);
  return {
    batch,
    samplesMicros,
    latencyMicros,
    ...(gpuStates.length > 0 && { gpuStates }),
    throughputPerSecond: (batch * 1e6) / latencyMicros.mean,
  };
}

/** The blocks of several processes that timed the same lanes, one process after the other. */
export function mergeTimed(parts: readonly (readonly (readonly TimedBatch[])[])[]): TimedBatch[][] {
  const [first = []] = parts;
  return first.map((rows, lane) =>
    rows.map(({ batch }, row) => {
      const all = parts.flatMap((part) => part[lane]?.[row] ?? []);
      return timedBatch({
        batch,
        samplesMicros: all.flatMap(({ samplesMicros }) => samplesMicros),
        gpuStates: all.flatMap(({ gpuStates = [] }) => gpuStates),
      });
    }),
  );
}
