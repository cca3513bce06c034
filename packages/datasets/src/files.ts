import { open, stat, type FileHandle } from 'node:fs/promises';

/** Why a system call or a library failed: its code (`ENOENT`) or its message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/**
 * Opens a regular file, hands it over with its size in bytes, and closes it afterwards.
 *
 * @throws Error with one sentence when it can't be opened or is a folder, a pipe or a device (which have no size).
 */
export async function withFile<Result>(
  path: string,
  use: (file: FileHandle, fileBytes: number) => Promise<Result>,
): Promise<Result> {
  let file: FileHandle;
  try {
    // Before opening, because to open a pipe is to wait for its writer.
    const kind = await stat(path);
    if (!kind.isFile()) throw new Error('not a regular file');
    file = await open(path, 'r');
  } catch (error) {
    throw new Error(`${path}: cannot be opened (${reasonOf(error)}); check the path and its permissions.`, {
      cause: error,
    });
  }
  try {
    return await use(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/**
 * Reads `length` bytes from the beginning of a file.
 *
 * @throws Error with one sentence when the file is shorter.
 */
export async function readBeginning(file: FileHandle, path: string, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, filled);
    if (bytesRead === 0) {
      throw new Error(
        `${path}: ended after ${filled} bytes while it was read; make sure nothing writes to it.`,
      );
    }
    filled += bytesRead;
  }
  return bytes;
}

/**
 * Reads a whole file.
 *
 * @throws Error with one sentence when it can't be read or has more than `mostBytes`; nothing is allocated for it then.
 */
export async function readWhole(path: string, mostBytes: number): Promise<Uint8Array> {
  return await withFile(path, async (file, fileBytes) => {
    if (fileBytes > mostBytes) {
      throw new Error(
        `${path}: expected at most ${mostBytes} bytes, found ${fileBytes}; check that this is the right file.`,
      );
    }
    return await readBeginning(file, path, fileBytes);
  });
}
