import { refuseOtherSize, toByte, type Image, type ImageSize } from './image.js';

const whitespace = new Set([' ', '\t', '\n', '\v', '\f', '\r'].map((letter) => letter.charCodeAt(0)));
const newlines = new Set(['\n', '\r'].map((letter) => letter.charCodeAt(0)));
const hash = '#'.charCodeAt(0);

/** Whether the bytes start as a PGM file does, plain (P2) or binary (P5). */
export function isPgm(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && (bytes[1] === 0x32 || bytes[1] === 0x35);
}

/** Reads whitespace-separated whole numbers, skipping comments (from `#` to the end of the line). */
class Scanner {
  offset = 2;
  readonly #bytes: Uint8Array;
  readonly #path: string;

  constructor(bytes: Uint8Array, path: string) {
    this.#bytes = bytes;
    this.#path = path;
  }

  skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.offset];
      if (byte === undefined) return;
      if (byte === hash) this.#skipComment();
      else if (whitespace.has(byte)) this.offset++;
      else return;
    }
  }

  number(what: string): number {
    this.skipSpace();
    let text = '';
    for (;;) {
      const byte = this.#bytes[this.offset];
      if (byte === undefined || byte < 0x30 || byte > 0x39 || text.length > 9) break;
      text += String.fromCharCode(byte);
      this.offset++;
    }
    const next = this.#bytes[this.offset];
    if (text === '' || text.length > 9 || (next !== undefined && !whitespace.has(next) && next !== hash)) {
      throw new Error(
        `${this.#path}: expected the ${what} at byte ${this.offset} of the PGM file, found none; save the image again.`,
      );
    }
    return Number(text);
  }

  #skipComment(): void {
    for (;;) {
      const byte = this.#bytes[this.offset];
      if (byte === undefined || newlines.has(byte)) return;
      this.offset++;
    }
  }
}

/**
 * Decodes a PGM file, plain (P2) or binary (P5), of one image with up to 65,535 levels; levels are stretched to 0-255.
 *
 * Source: netpbm's specification of the format.
 *
 * @throws Error with one sentence when the file is no such image, or has another size than `expected`.
 */
export function decodePgm(bytes: Uint8Array, path: string, expected: ImageSize): Image {
  const scanner = new Scanner(bytes, path);
  const width = scanner.number('width');
  const height = scanner.number('height');
  refuseOtherSize(path, { height, width }, expected);
  const maximum = scanner.number('largest level');
  if (maximum < 1 || maximum > 65_535) {
    throw new Error(
      `${path}: a PGM file's largest level is 1 to 65535, found ${maximum}; save the image again.`,
    );
  }
  const levels = bytes[1] === 0x32 ? plainLevels : binaryLevels;
  const data = levels(bytes, scanner, path, height * width, maximum).map((level) => {
    if (level > maximum) {
      throw new Error(
        `${path}: the PGM file's largest level is ${maximum}, found a level of ${level}; save the image again.`,
      );
    }
    return toByte(level, maximum);
  });
  return { height, width, data: Uint8Array.from(data) };
}

function plainLevels(bytes: Uint8Array, scanner: Scanner, path: string, count: number): number[] {
  const levels = Array.from({ length: count }, (_, i) => scanner.number(`level of pixel ${i}`));
  scanner.skipSpace();
  if (scanner.offset !== bytes.length) {
    throw new Error(`${path}: expected ${count} levels, found more; save one image per PGM file.`);
  }
  return levels;
}

function binaryLevels(
  bytes: Uint8Array,
  scanner: Scanner,
  path: string,
  count: number,
  maximum: number,
): number[] {
  const size = maximum < 256 ? 1 : 2;
  // Exactly one whitespace byte ends the header.
  const start = scanner.offset + 1;
  const found = Math.max(0, bytes.length - start);
  if (found !== count * size) {
    throw new Error(
      `${path}: expected ${count * size} bytes of pixels after the PGM header, found ${found}; save the image again.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, found);
  return Array.from({ length: count }, (_, i) => (size === 1 ? view.getUint8(i) : view.getUint16(2 * i)));
}
