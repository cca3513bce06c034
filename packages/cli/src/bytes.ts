import { readFile } from 'node:fs/promises';
import { messageOf } from './failures.js';
import { statusOf } from './run-folder.js';

/** Node reads no more at once. */
const maxBytes = 2 ** 31 - 1;

/** The contents of a file that a user named. @throws Error in one sentence when there are none to read. */
export async function readBytes(path: string): Promise<Uint8Array> {
  const status = await statusOf(path);
  if (!status) throw new Error(`${path}: there is no such file`);
  if (!status.isFile()) throw new Error(`${path}: is a folder, expected a file`);
  if (status.size > maxBytes)
    throw new Error(`${path}: has ${status.size} bytes, at most ${maxBytes} can be read`);
  return await readFile(path).catch((error: unknown) => {
    throw new Error(`${path}: cannot be read (${messageOf(error)})`, { cause: error });
  });
}

/** The JSON in a file that a user named. @throws Error in one sentence. */
export async function readJson(path: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(path));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path}: is not valid JSON: ${messageOf(error)}`, { cause: error });
  }
}
