import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Crossover, CrossoverCell, TimedDraw } from '@winning-tickets/bench';
import { compareDraws, shares, timeLatencies } from '@winning-tickets/bench';
import type { CrossoverPoint } from './crossing-forms.js';
import { formsAt, writeForms, writeUnpruned } from './crossing-forms.js';
import { syntheticNetwork } from './synthetic-layer.js';

export interface PointHooks {
  readonly signal?: AbortSignal | undefined;
  /** Told before each mask, from 0. */
  readonly onMask?: (mask: number) => void;
}

/**
 * All forms of a layer of one width and density side by side, against the unpruned one: mask by mask, which divide the
 * repeats among them.
 */
export async function measurePoint(
  { width, density }: CrossoverPoint,
  options: Crossover['options'],
  { signal, onMask }: PointHooks = {},
): Promise<CrossoverCell[]> {
  const { batches, seed, seeds } = options;
  const whole = syntheticNetwork(width, seed);
  const draws: TimedDraw[][] = batches.map(() => []);
  await inFolder(async (folder) => {
    const unpruned = await writeUnpruned(folder, whole);
    for (const [mask, repeats] of shares(options.repeats, seeds).entries()) {
      onMask?.(mask);
      const files = await writeForms(folder, whole, density, batches, seed + mask);
      for (const [place, batch] of batches.entries()) {
        signal?.throwIfAborted();
        const forms = formsAt({ width, density }, batch).flatMap((form) => files.get(form) ?? []);
        const timed = await timeLatencies({
          ...{ files: [unpruned, ...forms], batches: [batch], repeats, seed: seed + mask, signal },
          ...{ provider: options.provider, threads: options.threads },
          ...{ blockMillis: options.blockMillis, warmupMillis: options.blockMillis, maxSamplesPerBlock: 500 },
        });
        draws[place]?.push(timed);
      }
    }
  });
  return batches.flatMap((batch, place) => cellsOf({ width, density }, batch, draws[place] ?? []));
}

async function inFolder(task: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'winning-tickets-crossover-'));
  try {
    await task(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function cellsOf(point: CrossoverPoint, batch: number, draws: readonly TimedDraw[]): CrossoverCell[] {
  const [baseline, ...others] = compareDraws(draws).map(({ batches: [row] }) => row);
  return formsAt(point, batch).flatMap(({ name: encoding }, place) => {
    const row = others[place];
    if (!row?.ratioToBaseline || !baseline) return [];
    const { ratioToBaseline: ratio, verdict = 'same', latencyMicros, drawRatios } = row;
    const medians = { micros: latencyMicros.p50, denseMicros: baseline.latencyMicros.p50 };
    return [{ ...point, batch, encoding, ratio, verdict, ...medians, maskRatios: [...drawRatios] }];
  });
}
