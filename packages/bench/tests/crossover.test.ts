import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossings } from '../src/crossover/crossings.js';
import type { CrossoverCell } from '../src/crossover/result.js';
import { parseCrossover } from '../src/crossover/result.js';

/** A case whose ratio is certain; it is faster or slower by at least 2 %, as verdicts have it. */
const cell = (density: number, ratio: number, change: Partial<CrossoverCell> = {}): CrossoverCell => ({
  ...{ width: 128, density, batch: 1, encoding: 'gather', ratio: { ratio, low: ratio, high: ratio } },
  verdict: ratio <= 0.98 ? 'faster' : ratio >= 1.02 ? 'slower' : 'same',
  ...{ micros: ratio * 10, denseMicros: 10, maskRatios: [ratio] },
  ...change,
});

/** Of a map of these cases, and of further densities that were asked for. */
const paysBelow = (cells: readonly CrossoverCell[], unmeasured: readonly number[] = []) => {
  const densities = [...new Set([...cells.map(({ density }) => density), ...unmeasured])];
  const options = {
    ...{ provider: 'cpu' as const, widths: [128], densities, batches: [1] },
    ...{ repeats: 6, blockMillis: 1, threads: 1, seed: 1, seeds: 6 },
  };
  return crossings({ cells: [...cells], options }).map(({ paysBelow }) => paysBelow);
};

describe('crossings', () => {
  it('finds where a ratio that is straight in logarithms goes through 1', () => {
    const densities = fc.uniqueArray(fc.double({ min: 0.005, max: 1, noNaN: true }), {
      minLength: 2,
      maxLength: 8,
    });
    const place = fc.double({ min: 0.01, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(densities, place, (measured, crossing) => {
        // Twice the weights, twice the time; at `crossing` as long as dense.
        const cells = measured.map((density) => cell(density, density / crossing));
        const [found] = paysBelow(cells);
        const pays = cells.filter(({ verdict }) => verdict === 'faster');
        if (pays.length === 0) expect(found).toBe('never');
        else if (pays.length === cells.length) expect(found).toBe('always');
        else {
          const next = Math.min(
            ...cells.filter(({ verdict }) => verdict !== 'faster').map((one) => one.density),
          );
          const last = Math.max(...pays.map(({ density }) => density));
          expect(found).toBeGreaterThanOrEqual(last);
          expect(found).toBeLessThanOrEqual(next);
          const clearly = cells.find(({ density }) => density === next)?.verdict === 'slower';
          if (clearly) expect(found).toBeCloseTo(crossing, 9);
          else expect(found).toBe(last);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('takes what pays only at some greater density for noise', () => {
    expect(paysBelow([cell(0.01, 1.2), cell(0.1, 0.9), cell(0.5, 2)])).toEqual(['never']);
  });

  it('stays with the last that pays where the next is not clearly slower', () => {
    for (const near of [0.99, 1.01]) {
      expect(paysBelow([cell(0.01, 0.5), cell(0.1, near), cell(0.5, 2)])).toEqual([0.01]);
    }
  });

  it('says nothing of densities that were asked for and not measured', () => {
    expect(paysBelow([cell(0.01, 0.5)], [0.1, 0.5])).toEqual([0.01]);
    expect(paysBelow([cell(0.01, 0.5), cell(0.5, 0.9)], [0.1])).toEqual([0.01]);
    expect(paysBelow([cell(0.5, 0.5)], [0.01])).toEqual(['unknown']);
    expect(paysBelow([cell(0.5, 2)], [0.01])).toEqual(['unknown']);
  });

  it('keeps widths, batch sizes and encodings apart', () => {
    const cells = [
      cell(0.1, 0.5),
      cell(0.1, 2, { width: 64 }),
      cell(0.1, 2, { batch: 2 }),
      cell(0.1, 2, { encoding: 'x' }),
    ];
    expect(paysBelow(cells)).toEqual(['always', 'never', 'never', 'never']);
  });
});

describe('parseCrossover', () => {
  it('names the source and the key that does not fit', () => {
    expect(() => parseCrossover(undefined, 'map.json')).toThrow('map.json: not a crossover map');
    expect(() => parseCrossover({ schema: 1, startedAt: '' }, 'map.json')).toThrow("at 'environment'");
  });
});
