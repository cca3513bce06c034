import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundOf } from '../src/bound.js';

const ceilings = {
  callMicros: 10,
  operatorMicros: 2,
  copies: [
    { bytes: 1e5, bytesPerSecond: 1e11 },
    { bytes: 1e8, bytesPerSecond: 1e10 },
  ],
  operationsPerSecond: 1e12,
  hostBytesPerSecond: 1e9,
};
const work = { operators: 1, operations: 0, bytes: 0 };

describe('boundOf', () => {
  it('names the part that costs most', () => {
    expect(boundOf(work, 0, ceilings).by).toBe('call');
    expect(boundOf({ ...work, operators: 20 }, 0, ceilings).by).toBe('operators');
    expect(boundOf({ ...work, bytes: 1e8 }, 0, ceilings).by).toBe('memory');
    expect(boundOf({ ...work, operations: 1e9 }, 0, ceilings).by).toBe('compute');
    expect(boundOf(work, 1e6, ceilings).by).toBe('host transfer');
    expect(boundOf(work, 1e6, { ...ceilings, hostBytesPerSecond: null }).by).toBe('call');
  });

  it('moves bytes as fast as the measured working set of the nearest size', () => {
    expect(boundOf({ ...work, bytes: 2e5 }, 0, ceilings).leastMicros.memory).toBeCloseTo(2, 9);
    expect(boundOf({ ...work, bytes: 2e8 }, 0, ceilings).leastMicros.memory).toBeCloseTo(20_000, 6);
  });

  it('never asks less for more', () => {
    const amount = fc.double({ min: 0, max: 1e10, noNaN: true });
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const at = (operations: number) => boundOf({ ...work, operations }, 0, ceilings).leastMicros.compute;
        expect(at(less)).toBeLessThanOrEqual(at(more));
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
