import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as format from '../src/format.js';

describe('numbers as text', () => {
  it('densities as the literature writes them', () => {
    expect([1, 0.8004, 0.5128, 0.0358, 0.0119, 0.000123].map(format.densityText)).toEqual([
      '100 %',
      '80.04 %',
      '51.28 %',
      '3.58 %',
      '1.19 %',
      '0.0123 %',
    ]);
  });
  it('differences in points with their sign, and no sign on nothing', () => {
    expect([0.0021, -0.003, 0, -0.00001].map(format.points)).toEqual(['+0.21', '−0.30', '0.00', '0.00']);
  });
  it('sizes and times in the unit that suits them', () => {
    expect([812, 112_300, 1_066_500, 8e9].map(format.bytesText)).toEqual([
      '812 B',
      '112 kB',
      '1.07 MB',
      '8.00 GB',
    ]);
    expect([5.5, 1350, 2e6].map(format.microsText)).toEqual(['5.50 µs', '1.35 ms', '2.00 s']);
    expect([2.41, 42, 185, 7800].map(format.durationText)).toEqual([
      '2.4 s',
      '42 s',
      '3 min 5 s',
      '2 h 10 min',
    ]);
  });
  it('whole numbers as ranges', () => {
    expect(format.ranges([3, 1, 2, 7])).toBe('1–3, 7');
  });
  it('never NaN, undefined or Infinity', () => {
    const numbers = fc.oneof(
      fc.double({ min: -1e15, max: 1e15 }),
      fc.constantFrom(undefined, null, NaN, Infinity, -Infinity),
    );
    fc.assert(
      fc.property(numbers, (value) => {
        const { percentage, densityText, points, whole, decimal, microsText, bytesText, durationText } =
          format;
        for (const write of [densityText, points, whole, decimal, microsText, bytesText, durationText]) {
          expect(write(value)).not.toMatch(/NaN|undefined|Infinity/);
        }
        expect(percentage(value)).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
