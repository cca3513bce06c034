import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gunzip as gunzipWithCallback } from 'node:zlib';
import { readBeginning, reasonOf, withFile } from './files.js';

const gunzip = promisify(gunzipWithCallback);

/** An IDX array of unsigned bytes. */
export interface Idx {
  /** Sizes of the dimensions, outermost first. */
  readonly shape: readonly number[];
  /** Row-major elements: a view of the file's bytes, not a copy. */
  readonly data: Uint8Array;
}

/** An IDX file: the array, and all the file's (unpacked) bytes for a checksum. */
export interface IdxFile extends Idx {
  readonly bytes: Uint8Array;
}

/**
 * Largest unpacked IDX file that is read, in bytes: 1 GiB. A few megabytes of gzip can hold gigabytes, so there has to
 * be an end; the largest common collection in this format (EMNIST by class) takes 0.64e9.
 */
const maximumIdxBytes = 2 ** 30;

const unsignedByte = 0x08;
const typeNames: Readonly<Record<number, string>> = {
  0x09: 'int8',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
};
const maximumRank = 8;
const longestHeader = 4 + 4 * maximumRank;

/** DEFLATE's limit: 258 bytes from 2 bits, and a little for the header (https://zlib.net/zlib_tech.html). */
const largestGzipRatio = 1032;

interface Header {
  readonly shape: readonly number[];
  readonly headerBytes: number;
  /** Size of the whole unpacked file. */
  readonly totalBytes: number;
}

/** Reads the header, whose `bytes` may be just the beginning of the file. */
function parseHeader(bytes: Uint8Array, source: string): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) {
    throw new Error(
      `${source}: an IDX file starts with 4 bytes of magic number, found ${bytes.length} in all; get the file again.`,
    );
  }
  const [zero0, zero1, type, rank] = [view.getUint8(0), view.getUint8(1), view.getUint8(2), view.getUint8(3)];
  if (zero0 !== 0 || zero1 !== 0) {
    const magic = view.getUint32(0).toString(16).padStart(8, '0');
    throw new Error(
      `${source}: not an IDX file: expected two zero bytes first, found the magic number 0x${magic}; check that this is the right file.`,
    );
  }
  if (type !== unsignedByte) {
    const name = typeNames[type] ?? `unknown type 0x${type.toString(16).padStart(2, '0')}`;
    throw new Error(
      `${source}: only IDX files of unsigned bytes (uint8) are read, found ${name}; convert the file to uint8.`,
    );
  }
  if (rank < 1 || rank > maximumRank) {
    throw new Error(
      `${source}: an IDX file has 1 to ${maximumRank} dimensions here, found ${rank}; check that this is the right file.`,
    );
  }
  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes) {
    throw new Error(
      `${source}: the header of ${rank} dimensions takes ${headerBytes} bytes, found ${bytes.length}; the file is cut off, get it again.`,
    );
  }
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  return { shape, headerBytes, totalBytes: headerBytes + shape.reduce((product, size) => product * size, 1) };
}

function sizeError(source: string, { shape, totalBytes }: Header, found: number | string): Error {
  return new Error(
    `${source}: shape [${shape.join(', ')}] takes a file of ${totalBytes} bytes, found ${found}; the file is damaged or cut off, get it again.`,
  );
}

/**
 * Parses an IDX array of unsigned bytes: two zero bytes, a type byte, the number of dimensions, each size as a
 * big-endian uint32, then the elements, the last dimension changing fastest.
 *
 * Source: the format's description on the MNIST page of LeCun, Cortes and Burges.
 *
 * @param bytes the whole, unpacked file.
 * @param source the file's name, for errors.
 * @throws Error with one sentence when the bytes are no IDX file, have another element type, or are not exactly as
 *   many as the shape says.
 */
export function parseIdx(bytes: Uint8Array, source: string): Idx {
  const header = parseHeader(bytes, source);
  if (bytes.length !== header.totalBytes) throw sizeError(source, header, bytes.length);
  return { shape: header.shape, data: bytes.subarray(header.headerBytes) };
}

/**
 * Reads an IDX file of unsigned bytes, gzipped or not (told by its first bytes, not by its name).
 *
 * Nothing of the size that the header claims is allocated before that claim has been compared with the file's own size.
 *
 * @param path the file.
 * @param limits `maximumBytes`: largest unpacked size accepted, {@link maximumIdxBytes} by default.
 * @throws Error with one sentence, as {@link parseIdx}, and when the file can't be read or unpacked.
 */
export async function readIdx(
  path: string,
  { maximumBytes = maximumIdxBytes }: { readonly maximumBytes?: number } = {},
): Promise<IdxFile> {
  return await withFile(path, async (file, fileBytes) => {
    const bytes = await readOpened(file, fileBytes, path, maximumBytes);
    return { ...parseIdx(bytes, path), bytes };
  });
}

async function readOpened(
  file: FileHandle,
  fileBytes: number,
  path: string,
  maximumBytes: number,
): Promise<Uint8Array> {
  // Enough for any header, packed or not.
  const head = await readBeginning(file, path, Math.min(fileBytes, 512));
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  const header = parseHeader(packed ? await unpackBeginning(head, path) : head, path);
  if (!packed && fileBytes !== header.totalBytes) throw sizeError(path, header, fileBytes);
  if (packed && header.totalBytes > fileBytes * largestGzipRatio) {
    throw sizeError(path, header, `a gzip of ${fileBytes} bytes, which cannot hold that many`);
  }
  const needed = Math.max(header.totalBytes, fileBytes);
  if (needed > maximumBytes) {
    throw new Error(
      `${path}: expected at most ${maximumBytes} bytes in an IDX file, found ${needed} for shape [${header.shape.join(', ')}]; use a smaller dataset.`,
    );
  }
  const bytes = await readBeginning(file, path, fileBytes);
  return packed ? await unpack(bytes, path, header) : bytes;
}

/** The first bytes inside a gzip file, from its first bytes; at most 1032 times as many as given. */
async function unpackBeginning(head: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    const unpacked = await gunzip(head, { finishFlush: constants.Z_SYNC_FLUSH });
    return unpacked.subarray(0, longestHeader);
  } catch (error) {
    throw gzipError(path, error);
  }
}

async function unpack(bytes: Uint8Array, path: string, header: Header): Promise<Uint8Array> {
  try {
    const unpacked = await gunzip(bytes, { maxOutputLength: header.totalBytes });
    // Not a Buffer, whose slice() means something else.
    return new Uint8Array(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength);
  } catch (error) {
    if (error instanceof RangeError) throw sizeError(path, header, 'more in the gzip');
    throw gzipError(path, error);
  }
}

function gzipError(path: string, error: unknown): Error {
  return new Error(
    `${path}: the gzip cannot be unpacked (${reasonOf(error)}); the file is damaged, get it again.`,
    {
      cause: error,
    },
  );
}
