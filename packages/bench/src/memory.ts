import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MemoryReply, MemoryTask } from './memory-protocol.js';
import type { MemorySample } from './result.js';
import { median } from './statistics.js';

// The same file from `dist/` and, when tests run the sources, from `src/`.
const workerFile = fileURLToPath(new URL('../dist/memory-worker.js', import.meta.url));

/**
 * Memory of a fresh process that loads one model and runs it once.
 *
 * @param signal ends the process, and its reason is thrown.
 * @throws Error in one sentence when this package is not built, the process dies, or the model cannot be loaded.
 */
export async function measureMemory(task: MemoryTask, signal?: AbortSignal): Promise<MemorySample> {
  if (!existsSync(workerFile)) {
    throw new Error(`${workerFile} is missing: memory is measured in a built process, run the build first.`);
  }
  const reply = await ask(task, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
  if ('error' in reply) throw new Error(reply.error);
  return reply;
}

function ask(task: MemoryTask, signal?: AbortSignal): Promise<MemoryReply> {
  return new Promise((resolve, reject) => {
    const worker = fork(workerFile, [JSON.stringify(task)], {
      // Garbage is collected before memory is read; nothing else of this process's own flags.
      execArgv: ['--expose-gc'],
      ...(signal && { signal }),
    });
    let reply: MemoryReply | undefined;
    // The process waits for this before it ends, so that its answer cannot be lost with it.
    worker.once('message', (message) => {
      reply = message as MemoryReply;
      worker.disconnect();
    });
    worker.once('error', reject);
    worker.once('exit', (code, exitSignal) => {
      if (reply) resolve(reply);
      const how = exitSignal ?? `exit code ${code ?? 'unknown'}`;
      reject(new Error(`${task.file}: the process that measures memory ended without an answer (${how}).`));
    });
  });
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
