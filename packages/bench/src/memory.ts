import type { MemoryReply, MemoryTask } from './memory-protocol.js';
import type { MemorySample } from './result.js';
import { median } from './statistics.js';
import { askWorker } from './worker.js';

/**
 * Memory of a fresh process that loads one model and runs it once, and how long that took.
 *
 * @param signal ends the process, and its reason is thrown.
 * @throws Error in one sentence when this package is not built, the process dies, or the model cannot be loaded.
 */
export async function measureMemory(task: MemoryTask, signal?: AbortSignal): Promise<MemorySample> {
  const reply = await askWorker('memory-worker', task, (message) => message as MemoryReply, signal).catch(
    (error: unknown) => {
      signal?.throwIfAborted();
      throw new Error(`${task.file}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    },
  );
  if ('error' in reply) throw new Error(reply.error);
  return reply;
}

/** By how much the processes of one model are larger than those of another: the difference of medians. */
export function memoryAbove(
  samples: readonly MemorySample[],
  floor: readonly MemorySample[],
): { residentBytes: number; peakResidentBytes: number } {
  const above = (key: 'afterBytes' | 'peakBytes'): number =>
    Math.round(median(samples.map((sample) => sample[key])) - median(floor.map((sample) => sample[key])));
  return { residentBytes: above('afterBytes'), peakResidentBytes: above('peakBytes') };
}
