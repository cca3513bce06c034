import { crc32, deflateSync } from 'node:zlib';

/** One PNG chunk: length, type, data, checksum of type and data. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

export interface PngParts {
  width: number;
  height: number;
  depth: number;
  colourType: number;
  /** The bytes of each row, packed as the depth says, without the filter byte. */
  rows: number[][];
  interlace?: number;
  /** Chunks between the header and the pixels. */
  before?: Buffer[];
  /** What to pack instead of the rows. */
  pixels?: Uint8Array;
}

export function header(
  parts: Pick<PngParts, 'width' | 'height' | 'depth' | 'colourType' | 'interlace'>,
): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(parts.width, 0);
  data.writeUInt32BE(parts.height, 4);
  data.set([parts.depth, parts.colourType, 0, 0, parts.interlace ?? 0], 8);
  return chunk('IHDR', data);
}

/** Writes PNG independently of the reader, every row without a filter. */
export function encodePng(parts: PngParts): Uint8Array {
  const pixels = parts.pixels ?? Uint8Array.from(parts.rows.flatMap((row) => [0, ...row]));
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      header(parts),
      ...(parts.before ?? []),
      chunk('IDAT', deflateSync(pixels)),
      chunk('IEND', new Uint8Array()),
    ]),
  );
}
