import { deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePng } from '../../src/image/png.js';
import { chunk, encodePng, header, type PngParts } from '../support/png.js';
import { messageOf } from '../support/sentence.js';

function decode(parts: PngParts): number[] {
  return [...decodePng(encodePng(parts), 'a.png', parts).data];
}

const gray: PngParts = {
  width: 3,
  height: 2,
  depth: 8,
  colourType: 0,
  rows: [
    [0, 1, 2],
    [253, 254, 255],
  ],
};

describe('PNG', () => {
  it('gives back any grayscale image that was written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
        (height, width, pixels) => {
          const data = Uint8Array.from({ length: height * width }, () => Number(pixels.next().value));
          const file = encode({ width, height, data, channels: 1, depth: 8 });
          expect([...decodePng(file, 'a.png', { height, width }).data]).toEqual([...data]);
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  });

  it('of fewer bits is stretched to 0 to 255, several pixels to a byte', () => {
    const of = (depth: number, rows: number[][]): number[] => decode({ ...gray, depth, rows });
    expect(of(1, [[0b1010_0000], [0b0110_0000]])).toEqual([255, 0, 255, 0, 255, 255]);
    expect(of(2, [[0b0001_1000], [0b1100_0100]])).toEqual([0, 85, 170, 255, 0, 85]);
    expect(
      of(4, [
        [0x01, 0x20],
        [0xf8, 0x70],
      ]),
    ).toEqual([0, 17, 34, 255, 136, 119]);
  });

  it('of 16 bits is squeezed to 0 to 255', () => {
    const rows = [
      [0, 0, 0xff, 0xff, 0x80, 0],
      [1, 1, 0, 0x80, 0, 0x81],
    ];
    expect(decode({ ...gray, depth: 16, rows })).toEqual([0, 255, 128, 1, 0, 1]);
  });

  it('in colour becomes its luma', () => {
    const colours = [
      [255, 0, 0, 0, 255, 0, 0, 0, 255],
      [255, 255, 255, 0, 0, 0, 10, 20, 30],
    ];
    // 0.299, 0.587 and 0.114 of 255; the last 2.99 + 11.74 + 3.42.
    const lumas = [76, 150, 29, 255, 0, 18];
    expect(decode({ ...gray, colourType: 2, rows: colours })).toEqual(lumas);
    const opaque = colours.map((row) => row.flatMap((value, i) => (i % 3 === 2 ? [value, 255] : [value])));
    expect(decode({ ...gray, colourType: 6, rows: opaque })).toEqual(lumas);
  });

  it('in grays of three equal colours is those grays', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), (level) => {
        expect(
          decode({ ...gray, width: 1, height: 1, colourType: 2, rows: [[level, level, level]] }),
        ).toEqual([level]);
      }),
      { seed: 1, numRuns: 256 },
    );
  });

  it('with an opaque second channel is its first', () => {
    expect(
      decode({
        ...gray,
        colourType: 4,
        rows: [
          [0, 255, 1, 255, 2, 255],
          [3, 255, 4, 255, 5, 255],
        ],
      }),
    ).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('with a palette is the luma of its colours, at every depth', () => {
    const before = [chunk('PLTE', Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 255, 0))];
    const palette = { ...gray, colourType: 3, before };
    const lumas = [0, 255, 76, 150, 0, 255];
    expect(
      decode({
        ...palette,
        depth: 8,
        rows: [
          [0, 1, 2],
          [3, 0, 1],
        ],
      }),
    ).toEqual(lumas);
    expect(
      decode({
        ...palette,
        depth: 4,
        rows: [
          [0x01, 0x20],
          [0x30, 0x10],
        ],
      }),
    ).toEqual(lumas);
    expect(decode({ ...palette, depth: 2, rows: [[0b0001_1000], [0b1100_0100]] })).toEqual(lumas);
  });

  it('may hold chunks that are not needed, which are not unpacked', () => {
    const bomb = Buffer.concat([Buffer.from('name\0\0', 'latin1'), deflateSync(Buffer.alloc(64 * 2 ** 20))]);
    const before = [chunk('iCCP', bomb), chunk('tEXt', Buffer.from('damaged'))];
    expect(decode({ ...gray, before })).toEqual([0, 1, 2, 253, 254, 255]);
  });
});

describe('malformed PNG', () => {
  const refusal = async (parts: PngParts): Promise<string> => await messageOf(() => decode(parts));

  it('is refused when cut off at any byte', async () => {
    const file = encodePng(gray);
    for (let length = 8; length < file.length; length++) {
      expect(await messageOf(() => decodePng(file.subarray(0, length), 'a.png', gray))).toMatch(/^a\.png: /);
    }
  });

  it('is refused with any byte changed', async () => {
    const file = encodePng(gray);
    for (let i = 8; i < file.length; i++) {
      const changed = file.slice();
      changed[i] = (changed[i] ?? 0) ^ 0x40;
      expect(await messageOf(() => decodePng(changed, 'a.png', gray))).toMatch(/^a\.png: /);
    }
  });

  it('of another size is refused by its header', async () => {
    const file = encodePng({ ...gray, width: 0xffffffff, height: 0xffffffff });
    expect(await messageOf(() => decodePng(file, 'a.png', gray))).toContain(
      "expected an image 3 wide and 2 high, as the network's input, found 4294967295 wide and 4294967295 high",
    );
  });

  it('with a second header of another size is refused', async () => {
    const before = [header({ ...gray, width: 60_000, height: 60_000 })];
    expect(await refusal({ ...gray, before })).toContain('expected one PNG header, found another');
  });

  it('that unpacks to more pixels than it has is stopped there', async () => {
    expect(await refusal({ ...gray, pixels: new Uint8Array(64 * 2 ** 20) })).toContain(
      'expected 8 bytes of pixels in the PNG file, found more',
    );
    expect(await refusal({ ...gray, pixels: new Uint8Array(7) })).toContain('found 7');
  });

  it('with a filter that does not exist is refused', async () => {
    expect(await refusal({ ...gray, pixels: Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0) })).toContain(
      'cannot be decoded',
    );
  });

  it('of a colour type or depth that does not exist is refused', async () => {
    expect(await refusal({ ...gray, colourType: 5 })).toContain('no colour type 5 of 8 bits');
    expect(await refusal({ ...gray, colourType: 2, depth: 4 })).toContain('no colour type 2 of 4 bits');
  });

  it('with a colour outside its palette, or without a palette, is refused', async () => {
    const before = [chunk('PLTE', Uint8Array.of(0, 0, 0))];
    expect(await refusal({ ...gray, colourType: 3, before })).toContain('palette cannot be used');
    expect(await refusal({ ...gray, colourType: 3 })).toContain('palette cannot be used');
  });

  it('that is interlaced is refused', async () => {
    expect(await refusal({ ...gray, interlace: 1 })).toContain('save the image without interlacing');
  });

  it('that is transparent anywhere is refused, with the place', async () => {
    const place = 'pixel 1, 1 (column, row) is transparent';
    const alpha = {
      ...gray,
      colourType: 4,
      rows: [
        [0, 255, 0, 255, 0, 255],
        [0, 255, 0, 254, 0, 255],
      ],
    };
    expect(await refusal(alpha)).toContain(place);
    expect(await refusal({ ...gray, before: [chunk('tRNS', Uint8Array.of(0, 254))] })).toContain(place);
    const before = [chunk('PLTE', Uint8Array.of(0, 0, 0, 9, 9, 9)), chunk('tRNS', Uint8Array.of(255, 0))];
    expect(
      await refusal({
        ...gray,
        colourType: 3,
        before,
        rows: [
          [0, 0, 0],
          [0, 1, 0],
        ],
      }),
    ).toContain(place);
  });
});
