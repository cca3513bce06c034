import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LARGEST_FLOAT16, toFloat16 } from '../src/index.js';

/** The number that a bit pattern stands for, by the definition of the format. */
function valueOf(bits: number): number {
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const encoded = (value: number) => toFloat16(Float32Array.of(value))[0] ?? 0;

it('every float16 comes back as it was', () => {
  const all = Array.from({ length: 0x10000 }, (_, bits) => bits).filter(
    (bits) => !Number.isNaN(valueOf(bits)),
  );
  expect(Array.from(toFloat16(Float32Array.from(all, valueOf)))).toEqual(all);
  expect(valueOf(encoded(NaN))).toBeNaN();
});

it('a number becomes the nearest float16, of two as near the even one', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: -LARGEST_FLOAT16, max: LARGEST_FLOAT16 }), (value) => {
      const bits = encoded(value);
      const distance = Math.abs(valueOf(bits) - value);
      const neighbours = [bits - 1, bits + 1].filter((one) => (one & 0x7fff) < 0x7c00 && one >= 0);
      for (const neighbour of neighbours) {
        const other = Math.abs(valueOf(neighbour) - value);
        if (other < distance) throw new Error(`${valueOf(neighbour)} is nearer to ${value}`);
        if (other === distance) expect(bits % 2).toBe(0);
      }
    }),
    { seed: 1, numRuns: 1000 },
  );
  expect(valueOf(encoded(1 + 2 ** -11))).toBe(1);
  expect(valueOf(encoded(1 + 3 * 2 ** -11))).toBe(1 + 2 ** -9);
  expect(valueOf(encoded(3 * 2 ** -25))).toBe(2 ** -23);
});

it('what is beyond the largest becomes infinity', () => {
  expect(valueOf(encoded(LARGEST_FLOAT16))).toBe(LARGEST_FLOAT16);
  expect(valueOf(encoded(65_520))).toBe(Infinity);
  expect(valueOf(encoded(-1e30))).toBe(-Infinity);
  expect(valueOf(encoded(-Infinity))).toBe(-Infinity);
});
