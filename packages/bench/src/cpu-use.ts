import { cpus } from 'node:os';
import type { CpuInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time that the cores have spent since the system's start, in milliseconds by what they did. */
export type CpuTimes = readonly Pick<CpuInfo, 'times'>[];

const WATCHED_MILLIS = 500;

/**
 * Share of the machine's cores, 0 to 1, that other processes used during half a second in which this one rested.
 *
 * Unlike the load average it forgets what has ended: it can be asked right after a training.
 *
 * @returns undefined where the system does not tell.
 * @throws the signal's reason when it aborts.
 */
export async function otherCpuShare(signal?: AbortSignal): Promise<number | undefined> {
  const before = cpus();
  await sleep(WATCHED_MILLIS, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
  return busyShare(before, cpus());
}

/** Share of all cores' time between two readings that they were not idle; undefined where no time is told. */
export function busyShare(before: CpuTimes, after: CpuTimes): number | undefined {
  const idle = spent(after, idleMillis) - spent(before, idleMillis);
  const total = spent(after, totalMillis) - spent(before, totalMillis);
  // The counters of a core may step back a little.
  return total > 0 ? Math.min(1, Math.max(0, 1 - idle / total)) : undefined;
}

type Times = CpuInfo['times'];

const idleMillis = ({ idle }: Times): number => idle;
const totalMillis = ({ user, nice, sys, idle, irq }: Times): number => user + nice + sys + idle + irq;

function spent(cores: CpuTimes, of: (times: Times) => number): number {
  return cores.reduce((sum, { times }) => sum + of(times), 0);
}
