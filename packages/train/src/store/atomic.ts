import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, fileProblem } from './file-problem.js';
import { stateOf, thisProcess } from './process-identity.js';

/**
 * Writes a file so that a reader, also after a crash or power cut at any instant, finds the old content or
 * the new, never a part: a temporary file beside it is written and synced, then renamed over it.
 *
 * Own code because it must not accept a short write: on a disk that is filling up the system writes a part
 * and reports no error, and a single unchecked write call would rename that part into place.
 *
 * @throws Error with one sentence that names the path (disk full, read-only, …); the old content is intact
 */
export async function writeAtomic(path: string, data: Uint8Array | string): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await writeDurably(temporary, data);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileProblem(error, 'write', path);
  }
}

/** Writes a value as indented JSON, atomically. @throws Error as `writeAtomic` does */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

async function writeDurably(path: string, data: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename survive a power cut. Windows cannot open folders, and needs no such call. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems cannot sync a folder; the rename itself has been done.
    if (!['EINVAL', 'ENOTSUP', 'EBADF'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    await folder.close();
  }
}

/** `<path>.<machine>-<pid>-<random>.tmp`: tells whose it is, so that a dead process's files can be removed. */
function temporaryPath(path: string): string {
  const { machine, pid } = thisProcess();
  return `${path}.${machine}-${pid}-${randomBytes(4).toString('hex')}.tmp`;
}

const temporaryName = /\.([0-9a-f]{12})-(\d+)-[0-9a-f]{8}\.tmp$/;

/** A write takes seconds: a temporary file of unknown origin is abandoned after this time. */
const abandonedAfterMillis = 10 * 60_000;

/** Whether a file name is one that `writeAtomic` gives to its temporary files. */
export function isTemporary(name: string): boolean {
  return temporaryName.test(name);
}

/** Deletes what crashed processes left of their writes in a folder; files still being written stay. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (isTemporary(name) && (await isAbandoned(path))) await rm(path, { force: true });
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const [, machine, pid] = temporaryName.exec(path) ?? [];
  if (machine === thisProcess().machine && stateOf({ pid: Number(pid), startTime: null }) === 'dead')
    return true;
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > abandonedAfterMillis;
}
