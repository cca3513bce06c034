import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errorCode, fileProblem } from './file-problem.js';

/**
 * Checks before a long run that its files will fit.
 *
 * @param path a file or folder; it need not exist yet, its nearest existing parent tells the file system
 * @param bytes what will be written, an upper estimate
 * @throws Error when less is free; passes where the file system does not tell its size
 */
export async function ensureSpace(path: string, bytes: number): Promise<void> {
  const { bavail, blocks, bsize } = await fileSystemOf(resolve(path));
  // Some network and virtual file systems report no size at all.
  if (blocks === 0) return;
  const free = bavail * bsize;
  if (free < bytes) {
    throw new Error(
      `${path} needs about ${megabytes(bytes)}, ${megabytes(free)} free: free some space or choose another folder`,
    );
  }
}

async function fileSystemOf(path: string) {
  try {
    return await statfs(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && dirname(path) !== path) return fileSystemOf(dirname(path));
    throw fileProblem(error, 'use', path);
  }
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} MB`;
}
