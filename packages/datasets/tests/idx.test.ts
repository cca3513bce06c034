import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdx, readIdx } from '../src/index.js';
import { encodeIdx, folderWith } from './support/idx.js';
import { messageOf } from './support/sentence.js';

const arrays = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
  const size = shape.reduce((product, n) => product * n, 1);
  return fc.record({ shape: fc.constant(shape), data: fc.uint8Array({ minLength: size, maxLength: size }) });
});

describe('IDX', () => {
  it('gives back any array of bytes that was written', () => {
    fc.assert(
      fc.property(arrays, ({ shape, data }) => {
        const parsed = parseIdx(encodeIdx(shape, data), 'file');
        expect(parsed.shape).toEqual(shape);
        expect([...parsed.data]).toEqual([...data]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('reads a file in the middle of a larger buffer', () => {
    const file = encodeIdx([2, 2], [1, 2, 3, 4]);
    const buffer = new Uint8Array(file.length + 10);
    buffer.set(file, 5);
    expect([...parseIdx(buffer.subarray(5, 5 + file.length), 'file').data]).toEqual([1, 2, 3, 4]);
  });

  it('is the same array from a plain and from a gzipped file, whatever their names', async () => {
    await fc.assert(
      fc.asyncProperty(arrays, async ({ shape, data }) => {
        const bytes = encodeIdx(shape, data);
        const folder = await folderWith({ plain: bytes, packed: gzipSync(bytes) });
        const plain = await readIdx(join(folder, 'plain'));
        const packed = await readIdx(join(folder, 'packed'));
        expect(packed).toEqual(plain);
        expect(Buffer.isBuffer(packed.data)).toBe(false);
        expect(plain.shape).toEqual(shape);
        expect([...plain.data]).toEqual([...data]);
      }),
      { seed: 1, numRuns: 20 },
    );
  });
});

describe('malformed IDX', () => {
  const sound = encodeIdx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);

  it('is refused when cut off at any byte', async () => {
    for (let length = 0; length < sound.length; length++) {
      expect(await messageOf(() => parseIdx(sound.subarray(0, length), 'a.idx'))).toMatch(/^a\.idx: /);
    }
  });

  it('is refused as a file when cut off at any byte, plain or gzipped', async () => {
    const packed = gzipSync(sound);
    const cut: Record<string, Uint8Array> = {};
    for (let length = 0; length < sound.length; length++) cut[`plain-${length}`] = sound.subarray(0, length);
    for (let length = 0; length < packed.length; length++)
      cut[`packed-${length}`] = packed.subarray(0, length);
    const folder = await folderWith(cut);
    for (const name of Object.keys(cut)) {
      expect(await messageOf(() => readIdx(join(folder, name)))).toContain(name);
    }
  });

  it('is refused with a byte too many, plain or inside the gzip', async () => {
    const long = Buffer.concat([sound, Uint8Array.of(0)]);
    expect(await messageOf(() => parseIdx(long, 'a.idx'))).toBe(
      'a.idx: shape [2, 2, 2] takes a file of 24 bytes, found 25; the file is damaged or cut off, get it again.',
    );
    const folder = await folderWith({ long, packed: gzipSync(long) });
    expect(await messageOf(() => readIdx(join(folder, 'long')))).toContain('24 bytes, found 25');
    expect(await messageOf(() => readIdx(join(folder, 'packed')))).toContain('found more in the gzip');
  });

  it.each([
    [0x09, 'int8'],
    [0x0b, 'int16'],
    [0x0c, 'int32'],
    [0x0d, 'float32'],
    [0x0e, 'float64'],
    [0x07, 'unknown type 0x07'],
  ])('names the element type 0x%s that is not read', async (type, name) => {
    expect(await messageOf(() => parseIdx(encodeIdx([1], [0], type), 'a.idx'))).toBe(
      `a.idx: only IDX files of unsigned bytes (uint8) are read, found ${name}; convert the file to uint8.`,
    );
  });

  it('is told from other formats by its first bytes', async () => {
    expect(await messageOf(() => parseIdx(Buffer.from('%PDF-1.7'), 'a.pdf'))).toContain(
      'a.pdf: not an IDX file: expected two zero bytes first, found the magic number 0x25504446',
    );
  });

  it('is refused without dimensions and with more than 8', async () => {
    expect(await messageOf(() => parseIdx(encodeIdx([], [7]), 'a.idx'))).toContain('found 0');
    expect(await messageOf(() => parseIdx(encodeIdx(Array(9).fill(1) as number[], [7]), 'a.idx'))).toContain(
      'found 9',
    );
  });

  it('that claims the largest sizes is refused before they are allocated', async () => {
    const huge = encodeIdx(Array(8).fill(0xffffffff) as number[], [1]);
    const folder = await folderWith({ huge, packed: gzipSync(huge) });
    expect(await messageOf(() => parseIdx(huge, 'a.idx'))).toContain('found 37');
    expect(await messageOf(() => readIdx(join(folder, 'huge')))).toContain('found 37');
    expect(await messageOf(() => readIdx(join(folder, 'packed')))).toContain('which cannot hold that many');
  });

  it('in a gzip that unpacks to more than its header claims is stopped there', async () => {
    const bomb = gzipSync(Buffer.concat([encodeIdx([1], [1]), Buffer.alloc(64 * 2 ** 20)]), { level: 9 });
    const folder = await folderWith({ bomb });
    const before = process.memoryUsage.rss();
    expect(await messageOf(() => readIdx(join(folder, 'bomb')))).toContain(
      'shape [1] takes a file of 9 bytes, found more in the gzip',
    );
    expect(process.memoryUsage.rss() - before).toBeLessThan(32 * 2 ** 20);
  });

  it('in a gzip that honestly unpacks to more than the limit is refused by its header', async () => {
    const folder = await folderWith({ bomb: gzipSync(encodeIdx([100_000], Buffer.alloc(100_000))) });
    const path = join(folder, 'bomb');
    expect(await messageOf(() => readIdx(path, { maximumBytes: 100_007 }))).toContain(
      'at most 100007 bytes in an IDX file, found 100008',
    );
    expect((await readIdx(path, { maximumBytes: 100_008 })).shape).toEqual([100_000]);
  });

  it('with a damaged gzip checksum is refused', async () => {
    const packed = gzipSync(sound);
    packed.writeUInt8(packed.readUInt8(packed.length - 5) ^ 1, packed.length - 5);
    const folder = await folderWith({ packed });
    expect(await messageOf(() => readIdx(join(folder, 'packed')))).toContain('the gzip cannot be unpacked');
  });

  it('is no folder and no missing file', async () => {
    const folder = await folderWith({});
    expect(await messageOf(() => readIdx(folder))).toContain('cannot be opened (not a regular file)');
    expect(await messageOf(() => readIdx(join(folder, 'none')))).toContain('cannot be opened (ENOENT)');
  });
});
