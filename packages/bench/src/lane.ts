import type { InferenceSession } from 'onnxruntime-node';
import type { GpuWatch } from './gpu-state.js';
import type { Feeds } from './inputs.js';
import { measureBlock } from './measure.js';
import type { RandomStream } from './random.js';
import { shuffled } from './random.js';
import type { BenchResult, GpuState, TimedBatch } from './result.js';
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

// Enough to see a first call and how the next ones settle.
const SHOWN_WARMUP_CALLS = 20;
const FEWEST_WARMUP_CALLS = 2;

/**
 * Times each lane at each of its batch sizes once: first all are warmed up, then each has its block, both in random
 * order.
 *
 * @param random what the orders are drawn from
 * @param onBlock told after each block
 * @param gpu what reads the state of the GPU before and after each block, if one does
 * @returns for each lane its batches, in the order of its inputs.
 * @throws Error in one sentence when the runtime cannot run a model at a batch size, naming the file and the shape.
 */
export async function timeLanes(
  lanes: readonly Lane[],
  settings: Pick<BenchResult['options'], 'blockMillis' | 'warmupMillis' | 'maxSamplesPerBlock'>,
  random: RandomStream,
  { onBlock, signal, gpu }: LaneHooks,
): Promise<TimedBatch[][]> {
  const cells = lanes.flatMap((lane) => [...lane.inputs].map(([batch, feeds]) => cell(lane, batch, feeds)));
  for (const cell of shuffled(cells, random)) {
    signal?.throwIfAborted();
    await warmUp(cell, settings.warmupMillis);
  }
  for (const cell of shuffled(cells, random)) {
    signal?.throwIfAborted();
    const before = gpu?.latest();
    cell.samplesMicros.push(
      await measureBlock(cell.call, {
        blockMillis: settings.blockMillis,
        warmupMillis: settings.blockMillis / 10,
        maxSamples: settings.maxSamplesPerBlock,
      }),
    );
    const after = gpu?.latest();
    if (before && after) cell.gpuStates.push({ before, after });
    onBlock?.(`${cell.lane.name}, batch ${cell.batch}`);
  }
  return lanes.map((lane) => cells.filter((cell) => cell.lane === lane).map(timedBatch));
}

/** What goes on beside the timing of lanes. */
export interface LaneHooks {
  readonly onBlock?: (label: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly gpu?: GpuWatch | undefined;
}

interface Cell {
  readonly lane: Lane;
  readonly batch: number;
  readonly feeds: readonly Feeds[];
  readonly call: () => Promise<unknown>;
  /** One array per repeat, filled in the order of the repeats. */
  readonly samplesMicros: number[][];
  readonly warmupMicros: number[][];
  /** As many as samples, or none. */
  readonly gpuStates: { readonly before: GpuState; readonly after: GpuState }[];
}

function cell(lane: Lane, batch: number, feeds: readonly Feeds[]): Cell {
  let calls = 0;
  const call = () => lane.session.run(feeds[calls++ % feeds.length] ?? {});
  return { lane, batch, feeds, call, samplesMicros: [], warmupMicros: [], gpuStates: [] };
}

// The first calls of a session, so what the model cannot do shows here.
async function warmUp({ lane, feeds, call, warmupMicros }: Cell, warmupMillis: number): Promise<void> {
  const micros: number[] = [];
  const start = process.hrtime.bigint();
  try {
    for (let passed = 0, calls = 0; passed < warmupMillis * 1e3 || calls < FEWEST_WARMUP_CALLS; calls++) {
      const before = passed;
      await call();
      passed = Number(process.hrtime.bigint() - start) / 1e3;
      if (calls < SHOWN_WARMUP_CALLS) micros.push(passed - before);
    }
  } catch (cause) {
    throw runFailure(lane.file, Object.values(feeds[0] ?? {})[0]?.dims ?? [], cause);
  }
  warmupMicros.push(micros);
}

function timedBatch({
  batch,
  samplesMicros,
  warmupMicros,
  gpuStates,
}: Omit<Cell, 'lane' | 'feeds' | 'call'>): TimedBatch {
  const latencyMicros = summarize(samplesMicros);
  return {
    batch,
    samplesMicros,
    warmupMicros,
    latencyMicros,
    ...(gpuStates.length > 0 && { gpuStates }),
    throughputPerSecond: (batch * 1e6) / latencyMicros.mean,
  };
}

/** The blocks of several times that the same lanes were timed, one after the other. */
export function mergeTimed(parts: readonly (readonly (readonly TimedBatch[])[])[]): TimedBatch[][] {
  const [first = []] = parts;
  return first.map((rows, lane) =>
    rows.map(({ batch }, row) => {
      const all = parts.flatMap((part) => part[lane]?.[row] ?? []);
      return timedBatch({
        batch,
        samplesMicros: all.flatMap(({ samplesMicros }) => samplesMicros),
        warmupMicros: all.flatMap(({ warmupMicros = [] }) => warmupMicros),
        gpuStates: all.flatMap(({ gpuStates = [] }) => gpuStates),
      });
    }),
  );
}
