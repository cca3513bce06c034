import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { messageOf } from './failures.js';

export type FileKind = 'ticket' | 'model' | 'json';

/** What a file is: by its name's end, else by how it begins. */
export async function fileKind(path: string): Promise<FileKind> {
  const ending = extname(path).toLowerCase();
  if (ending === '.ticket' || ending === '.safetensors') return 'ticket';
  if (ending === '.onnx') return 'model';
  if (ending === '.json') return 'json';
  const start = await firstBytes(path);
  if (start[0] === 0x7b) return 'json';
  // A safetensors file has eight bytes of length before its JSON header.
  return start[8] === 0x7b ? 'ticket' : 'model';
}

async function firstBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const bytes = new Uint8Array(9);
      await file.read(bytes);
      return bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Error(`${path}: cannot be read (${messageOf(error)})`, { cause: error });
  }
}
