import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, such that another process can tell later whether it still runs. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly hostname: string;
  /** Equal in two processes only if their process numbers can be compared: 12 hex digits. */
  readonly machine: string;
  /** When the process started, in the kernel's own unit; null where it cannot be read (not Linux). */
  readonly startTime: string | null;
}

/** The process that runs this. */
export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    hostname: hostname(),
    machine,
    startTime: statusOf(process.pid)?.startTime ?? null,
  };
}

/**
 * Whether a process of this machine still runs; 'unknown' when its number is in use but may belong to a
 * later process. A zombie counts as dead: it does no more work.
 */
export function stateOf({
  pid,
  startTime,
}: Pick<ProcessIdentity, 'pid' | 'startTime'>): 'alive' | 'dead' | 'unknown' {
  if (!exists(pid)) return 'dead';
  const status = statusOf(pid);
  if (status?.ended) return 'dead';
  if (status === undefined || startTime === null) return 'unknown';
  return status.startTime === startTime ? 'alive' : 'dead';
}

/**
 * Host name, boot and process namespace. A host name alone would not do: containers share folders and
 * sometimes names, and a machine reuses its process numbers after a reboot.
 */
const machine = createHash('sha256')
  .update(
    JSON.stringify([
      hostname(),
      orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
      orEmpty(() => readlinkSync('/proc/self/ns/pid')),
    ]),
  )
  .digest('hex')
  .slice(0, 12);

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** State (field 3) and start time (field 22) of `/proc/<pid>/stat`, proc(5). */
function statusOf(pid: number): { ended: boolean; startTime: string } | undefined {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The command name (field 2) may hold blanks and brackets: fields count from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const startTime = fields[22 - 3];
  return state && startTime ? { ended: state === 'Z' || state === 'X', startTime } : undefined;
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
