import { inflateSync } from 'node:zlib';
import { convertIndexedToRgb, decode, type DecodedPng } from 'fast-png';
import { reasonOf } from '../files.js';
import { refuseOtherSize, toByte, type Image, type ImageSize } from './image.js';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const indexedColour = 3;

/** The colour types, with their channels and the bit depths that the specification allows them. */
const colourTypes: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

/** Everything else is optional; some of it (a colour profile) is compressed and could unpack to any size. */
const neededChunks = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];

/** Whether the bytes start as a PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

interface Header extends ImageSize {
  readonly depth: number;
  readonly colourType: number;
  readonly channels: number;
  readonly interlaced: boolean;
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** The chunk with its length, type and checksum. */
  readonly span: Uint8Array;
}

/**
 * Decodes a PNG file to grayscale.
 *
 * A coloured pixel becomes its luma after ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B of the stored (gamma-encoded) values,
 * rounded; other bit depths are stretched to 0-255. An image that is transparent anywhere is refused, since what lies
 * behind it is unknown; so is an interlaced one.
 *
 * Source: W3C, Portable Network Graphics (third edition).
 *
 * @throws Error with one sentence when the file is damaged, of another size than `expected`, transparent or interlaced.
 */
export function decodePng(bytes: Uint8Array, path: string, expected: ImageSize): Image {
  const header = readHeader(bytes, path);
  refuseOtherSize(path, header, expected);
  if (header.interlaced) {
    throw new Error(`${path}: interlaced PNG files are not read; save the image without interlacing.`);
  }
  const chunks = readChunks(bytes, path);
  refuseOtherLength(chunks, header, path);
  const png = decodeNeeded(chunks, path);
  const { levels, channels, maximum } = unpackLevels(png, header, path);
  const data = new Uint8Array(header.height * header.width);
  const transparent = png.transparency;
  for (let pixel = 0; pixel < data.length; pixel++) {
    const values = levels.subarray(pixel * channels, (pixel + 1) * channels);
    const colours = channels < 3 ? 1 : 3;
    if (
      (channels > colours && values[colours] !== maximum) ||
      (transparent?.length === colours && transparent.every((value, i) => value === values[i]))
    ) {
      throw new Error(
        `${path}: pixel ${pixel % header.width}, ${Math.floor(pixel / header.width)} (column, row) is transparent; put the image on an opaque background.`,
      );
    }
    const [red = 0, green = 0, blue = 0] = values;
    data[pixel] = toByte(colours === 1 ? red : 0.299 * red + 0.587 * green + 0.114 * blue, maximum);
  }
  return { height: header.height, width: header.width, data };
}

/** The header, whose place is fixed: the first chunk. */
function readHeader(bytes: Uint8Array, path: string): Header {
  if (bytes.length < 33 || String.fromCharCode(...bytes.subarray(12, 16)) !== 'IHDR') {
    throw new Error(`${path}: expected a PNG header of 33 bytes, found none; save the image again.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [depth, colourType] = [view.getUint8(24), view.getUint8(25)];
  const known = colourTypes[colourType];
  if (!known?.depths.includes(depth)) {
    throw new Error(
      `${path}: a PNG file has no colour type ${colourType} of ${depth} bits; it is damaged, save it again.`,
    );
  }
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth,
    colourType,
    channels: known.channels,
    interlaced: view.getUint8(28) !== 0,
  };
}

/** The needed chunks, each checked to end inside the file. */
function readChunks(bytes: Uint8Array, path: string): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let offset = signature.length;
  while (chunks.at(-1)?.type !== 'IEND') {
    const end = offset + 12 <= bytes.length ? offset + 12 + view.getUint32(offset) : Infinity;
    if (end > bytes.length) {
      throw new Error(
        `${path}: the PNG file ends inside the chunk at byte ${offset}; it is cut off, save it again.`,
      );
    }
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    if (type === 'IHDR' && chunks.length > 0) {
      throw new Error(
        `${path}: expected one PNG header, found another at byte ${offset}; save the image again.`,
      );
    }
    if (neededChunks.includes(type)) {
      chunks.push({ type, data: bytes.subarray(offset + 8, end - 4), span: bytes.subarray(offset, end) });
    }
    offset = end;
  }
  return chunks;
}

/** Unpacks the pixels under a limit, so that the decoder, which has none, gets only what is as long as it should be. */
function refuseOtherLength(chunks: readonly Chunk[], header: Header, path: string): void {
  const bits = header.width * header.depth * header.channels;
  const expected = header.height * (1 + Math.ceil(bits / 8));
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  let found: number | string;
  try {
    found = inflateSync(packed, { maxOutputLength: expected }).length;
  } catch (error) {
    found = error instanceof RangeError ? 'more' : 'data that cannot be unpacked';
  }
  if (found !== expected) {
    throw new Error(
      `${path}: expected ${expected} bytes of pixels in the PNG file, found ${found}; it is damaged, save it again.`,
    );
  }
}

function decodeNeeded(chunks: readonly Chunk[], path: string): DecodedPng {
  const file = Buffer.concat([Uint8Array.from(signature), ...chunks.map(({ span }) => span)]);
  try {
    return decode(new Uint8Array(file), { checkCrc: true });
  } catch (error) {
    throw new Error(`${path}: the PNG file cannot be decoded (${reasonOf(error)}); save it again.`, {
      cause: error,
    });
  }
}

interface Levels {
  /** `[height, width, channels]`, each 0 to `maximum`. */
  readonly levels: Uint8Array | Uint16Array;
  readonly channels: number;
  readonly maximum: number;
}

function unpackLevels(png: DecodedPng, { colourType }: Header, path: string): Levels {
  if (colourType === indexedColour) {
    const channels = png.palette?.[0]?.length ?? 0;
    try {
      return { levels: convertIndexedToRgb(png), channels, maximum: 255 };
    } catch (error) {
      throw new Error(`${path}: the PNG file's palette cannot be used (${reasonOf(error)}); save it again.`, {
        cause: error,
      });
    }
  }
  const { depth, channels, width, height } = png;
  const maximum = 2 ** depth - 1;
  if (depth >= 8) return { levels: Uint16Array.from(png.data), channels, maximum };
  // Only one channel can have fewer than 8 bits: several pixels share a byte, the first in the highest bits.
  const levels = new Uint8Array(height * width);
  const rowBytes = Math.ceil((width * depth) / 8);
  for (let pixel = 0; pixel < levels.length; pixel++) {
    const bit = (pixel % width) * depth;
    const byte = png.data[Math.floor(pixel / width) * rowBytes + (bit >> 3)] ?? 0;
    levels[pixel] = (byte >> (8 - depth - (bit & 7))) & maximum;
  }
  return { levels, channels, maximum };
}
