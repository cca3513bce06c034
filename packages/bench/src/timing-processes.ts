import type { BenchOptions } from './options.js';
import type { TimedBatch } from './result.js';
import { mergeTimed } from './lane.js';
import { shares } from './shares.js';
import type { TimingReply, TimingTask } from './timing-protocol.js';
import { askWorker } from './worker.js';

/**
 * Times models in several processes, one after the other, which divide the repeats among them; each orders its blocks and
 * draws its samples by a seed of its own.
 *
 * @returns for each model, then for the baseline again and for the floor, its batches, with the blocks of all processes
 */
export async function timeInProcesses(
  task: TimingTask,
  processes: number,
  { onProgress, signal }: Pick<BenchOptions, 'onProgress' | 'signal'>,
): Promise<TimedBatch[][]> {
  const counts = shares(task.settings.repeats, processes);
  const parts: (readonly (readonly TimedBatch[])[])[] = [];
  for (const [index, repeats] of counts.entries()) {
    const settings = { ...task.settings, repeats, seed: (task.settings.seed + index) >>> 0 };
    const receive = (message: unknown) => {
      const reply = message as TimingReply;
      if (!('progress' in reply)) return reply;
      const { done, total, ...rest } = reply.progress;
      const before = (total / repeats) * counts.slice(0, index).reduce((sum, each) => sum + each, 0);
      const all = (total / repeats) * task.settings.repeats;
      onProgress?.({ ...rest, done: before + done, total: all });
      return undefined;
    };
    const reply = await askWorker('timing-worker', { ...task, settings }, receive, signal);
    if ('error' in reply) throw new Error(reply.error);
    parts.push(reply.timed);
  }
  return mergeTimed(parts);
}
