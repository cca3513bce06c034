import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePgm } from '../../src/image/pgm.js';
import { messageOf } from '../support/sentence.js';

const size = { height: 2, width: 3 };

function decode(text: string, expected = size): number[] {
  return [...decodePgm(Buffer.from(text, 'latin1'), 'a.pgm', expected).data];
}

const images = fc
  .record({ height: fc.integer({ min: 1, max: 6 }), width: fc.integer({ min: 1, max: 6 }) })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      levels: fc.uint8Array({
        minLength: shape.height * shape.width,
        maxLength: shape.height * shape.width,
      }),
    }),
  );

describe('PGM', () => {
  it('gives back any image that was written, plain or binary', () => {
    fc.assert(
      fc.property(images, ({ shape, levels }) => {
        const head = `${shape.width} ${shape.height}\n255\n`;
        expect(decode(`P2\n${head}${[...levels].join(' ')}\n`, shape)).toEqual([...levels]);
        expect(decode(`P5\n${head}${String.fromCharCode(...levels)}`, shape)).toEqual([...levels]);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('may have comments and any white space in its header', () => {
    expect(decode('P2# one\n#two 7 7\r\n3\t2#three\n255\n1 2 3#four\n 4 5 6')).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('may begin with a pixel that looks like white space or a comment', () => {
    expect(decode('P5 3 2 255\n # \n\t\r')).toEqual([32, 35, 32, 10, 9, 13]);
  });

  it('is stretched from its levels to 0 to 255', () => {
    expect(decode('P2 3 2 15  0 1 7 8 14 15')).toEqual([0, 17, 119, 136, 238, 255]);
    expect(decode('P5 3 2 65535\n\0\0\xff\xff\x80\0\x01\x01\0\x80\0\x81')).toEqual([0, 255, 128, 1, 0, 1]);
  });
});

describe('malformed PGM', () => {
  it.each(['P2 3 2 255 1 2 3 4 5 6', 'P5 3 2 255\nabcdef'])(
    '%j is refused when cut off at any byte',
    async (text) => {
      for (let length = 2; length < text.length; length++) {
        expect(await messageOf(() => decode(text.slice(0, length)))).toMatch(/^a\.pgm: /);
      }
    },
  );

  it('of another size is refused by its header', async () => {
    expect(await messageOf(() => decode('P5 999999999 999999999 255\n'))).toBe(
      "a.pgm: expected an image 3 wide and 2 high, as the network's input, found 999999999 wide and 999999999 high; resize it.",
    );
    expect(await messageOf(() => decode('P5 2 3 255\nabcdef'))).toContain('found 2 wide and 3 high');
  });

  it.each([
    ['P2 3 2 255 1 2 3 4 5 6 7', 'expected 6 levels, found more'],
    ['P5 3 2 255\nabcdefg', 'expected 6 bytes of pixels after the PGM header, found 7'],
    ['P5 3 2 256\nabcdef', 'expected 12 bytes of pixels after the PGM header, found 6'],
    ['P2 3 2 255 1 2 3 4 5 256', 'largest level is 255, found a level of 256'],
    ['P5 3 2 9\n\0\0\0\0\0\x0a', 'largest level is 9, found a level of 10'],
    ['P2 3 2 0 0 0 0 0 0 0', 'is 1 to 65535, found 0'],
    ['P2 3 2 65536 0 0 0 0 0 0', 'is 1 to 65535, found 65536'],
    ['P2 3 2 255 1 2 -3 4 5 6', 'expected the level of pixel 2'],
    ['P2 3 2 255 1 2 3.5 4 5 6', 'expected the level of pixel 2'],
    ['P2 99999999999 2 255', 'expected the width'],
    ['P2 # never ends', 'expected the width'],
  ])('%j is refused', async (text, message) => {
    expect(await messageOf(() => decode(text))).toContain(message);
  });
});
