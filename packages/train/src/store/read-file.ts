import { readFile, stat } from 'node:fs/promises';
import { errorCode, fileProblem } from './file-problem.js';

/**
 * The bytes of a file; undefined when there is none.
 *
 * @param maxBytes a larger file is refused before it is read
 * @throws Error when the file is larger or cannot be read
 */
export async function readIfPresent(path: string, maxBytes: number): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new Error(`it holds ${size} bytes, more than the ${maxBytes} that such a file may have`);
    }
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileProblem(error, 'read', path);
  }
}

/**
 * The value in a JSON file; undefined when there is no file.
 *
 * @throws Error when it is larger than `maxBytes`, cannot be read or is not JSON
 */
export async function readJsonIfPresent(path: string, maxBytes: number): Promise<unknown> {
  const bytes = await readIfPresent(path, maxBytes);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw new Error(`${path} is not valid JSON`, { cause: error });
  }
}
