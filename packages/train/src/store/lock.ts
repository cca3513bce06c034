import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, fileProblem } from './file-problem.js';
import { type ProcessIdentity, stateOf, thisProcess } from './process-identity.js';

/** The lock's file name in the folder that it guards. */
export const lockFileName = 'lock.json';

/** An owner whose life cannot be looked up (another machine) is taken for dead after this silence. */
export const silenceLimitMillis = 60_000;

/** A lock without a readable owner is being written, or was when its process died. */
export const unreadableLimitMillis = 5_000;

/** The heartbeat touches the disk at most this often. */
const beatEveryMillis = 1_000;

/** A larger file is not one of ours and counts as unreadable. */
const maxLockBytes = 4_096;

/**
 * A claim on a folder, held by one process at a time.
 *
 * It saves double work, it does not protect data: what it guards must stay right if two holders ever meet.
 * They can meet in two rare cases: the owner on another machine was suspended for over a minute and wakes, or it
 * releases the lock in the microseconds between the last look and the rename of a takeover. Both then compute the
 * same files, because a stage is deterministic and its commit idempotent; the one that lost learns it from `beat`.
 */
export interface Lock {
  /** The lock file. */
  readonly path: string;
  /** Unique to this claim. */
  readonly token: string;
  /**
   * Tells others that the owner lives; call it often (between chunks of steps), it works at most once a second.
   *
   * @returns false when the lock is no longer held (taken over, released, deleted): leave the folder to the new owner
   */
  beat(): Promise<boolean>;
  /** Gives the claim up. Does nothing when it is lost or released already. */
  release(): Promise<void>;
}

interface Owner extends ProcessIdentity {
  readonly token: string;
}

const ownerSchema = z.object({
  pid: z.int().positive(),
  hostname: z.string(),
  machine: z.string(),
  startTime: z.string().nullable(),
  token: z.string().min(1),
});

/** A lock file as it was found. */
interface Found {
  readonly text: string;
  readonly mtimeMillis: number;
  /** Undefined when the content is unreadable. */
  readonly owner: Owner | undefined;
}

/**
 * Claims a folder, which is created if need be. A lock whose owner died is taken over.
 *
 * An owner is dead when its process on this machine has ended (or its number belongs to a later process); on another
 * machine, after 60 s without a heartbeat. A lock without a readable owner is dead after 5 s.
 *
 * @returns undefined when another claim holds, or wins the race for a dead one
 * @throws Error when the folder cannot be written to
 */
export async function acquire(folder: string): Promise<Lock | undefined> {
  const path = join(folder, lockFileName);
  const token = randomUUID();
  try {
    await mkdir(folder, { recursive: true });
    await claim(path, `${JSON.stringify({ ...thisProcess(), token })}\n`);
    // Whose token is in the file owns it, whatever a race may have done in between.
    return (await isOwn(path, token)) ? hold(path, token) : undefined;
  } catch (error) {
    throw fileProblem(error, 'write', path);
  }
}

/** Who holds a folder's live lock, in words ("process 12 on host"); undefined when it is free. */
export async function lockHolder(folder: string): Promise<string | undefined> {
  const found = await look(join(folder, lockFileName));
  if (found === undefined || isDead(found)) return undefined;
  return found.owner ? `process ${found.owner.pid} on ${found.owner.hostname}` : 'a process that is starting';
}

/** Whether a file name is one that this module creates. */
export function isLockFile(name: string): boolean {
  return name === lockFileName || /^lock\.json\.[0-9a-f]{12}\.takeover$/.test(name);
}

/** Tries to put a claim into the lock file. */
async function claim(path: string, text: string): Promise<void> {
  if (await createExclusively(path, text)) return;
  const found = await look(path);
  if (found === undefined)
    await createExclusively(path, text); // released in between
  else if (isDead(found)) await takeOver(path, found, text);
}

/**
 * Replaces a dead lock. The right to do so is a file named after the dead lock's content and created exclusively, so
 * that one process alone gets it and a slow one cannot remove the lock that a quicker one has put there since. That
 * file, which holds the new owner, is then renamed over the lock: there is no instant without a lock.
 */
async function takeOver(path: string, dead: Found, text: string): Promise<void> {
  const right = `${path}.${fingerprint(dead)}.takeover`;
  if (!(await createExclusively(right, text))) {
    const other = await look(right);
    // Its process died between two system calls: clear the way for the next attempt.
    if (other && Date.now() - other.mtimeMillis > unreadableLimitMillis) await rm(right, { force: true });
    return;
  }
  const now = await look(path);
  if (now === undefined || fingerprint(now) !== fingerprint(dead) || !isDead(now)) {
    await rm(right, { force: true });
    return;
  }
  try {
    await rename(right, path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function hold(path: string, token: string): Lock {
  let held = true;
  let lastBeat = performance.now();
  return {
    path,
    token,
    async beat() {
      if (!held || performance.now() - lastBeat < beatEveryMillis) return held;
      lastBeat = performance.now();
      try {
        held = await isOwn(path, token);
        if (held) await utimes(path, new Date(), new Date());
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw fileProblem(error, 'write', path);
        held = false;
      }
      return held;
    },
    async release() {
      if (!held) return;
      held = false;
      try {
        if (await isOwn(path, token)) await rm(path, { force: true });
      } catch (error) {
        throw fileProblem(error, 'delete', path);
      }
    },
  };
}

function isDead({ owner, mtimeMillis }: Found): boolean {
  const silentMillis = Date.now() - mtimeMillis;
  if (owner === undefined) return silentMillis > unreadableLimitMillis;
  const state = owner.machine === thisProcess().machine ? stateOf(owner) : 'unknown';
  return state === 'unknown' ? silentMillis > silenceLimitMillis : state === 'dead';
}

/** Identifies one claim: its content, which has a unique token; an unreadable one also by its time. */
function fingerprint({ text, owner, mtimeMillis }: Found): string {
  const identity = owner ? text : `${mtimeMillis}\n${text}`;
  return createHash('sha256').update(identity).digest('hex').slice(0, 12);
}

async function isOwn(path: string, token: string): Promise<boolean> {
  return (await look(path))?.owner?.token === token;
}

async function look(path: string): Promise<Found | undefined> {
  try {
    const { mtimeMs, size } = await stat(path);
    const text = size > maxLockBytes ? '' : await readFile(path, 'utf8');
    return { text, mtimeMillis: mtimeMs, owner: parseOwner(text) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileProblem(error, 'read', path);
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Creates a file with a content; false when it exists. */
async function createExclusively(path: string, text: string): Promise<boolean> {
  let file;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await file.writeFile(text);
    return true;
  } catch (error) {
    await rm(path, { force: true }); // an empty lock would keep others waiting
    throw error;
  } finally {
    await file.close();
  }
}
