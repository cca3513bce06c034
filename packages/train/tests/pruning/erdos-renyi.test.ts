import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erdosRenyiCounts } from '../../src/pruning/erdos-renyi.js';
import { ladder } from '../../src/pruning/ladder.js';
import { lenet, pruningOf } from '../networks.js';

const layers = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 4 }), {
  minLength: 1,
  maxLength: 6,
});
const layersOf = (shapes: readonly (readonly number[])[]) =>
  shapes.map((shape, index) => ({
    name: `layer ${index}`,
    size: shape.reduce((product, size) => product * size, 1),
    share: shape.reduce((sum, size) => sum + size, 0),
  }));
const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

describe('the counts of an Erdős–Rényi graph', () => {
  test('are exactly as many as asked for, none more than a layer has', () => {
    fc.assert(
      fc.property(layers, fc.double({ min: 0, max: 1, noNaN: true }), (shapes, density) => {
        const all = layersOf(shapes);
        const total = Math.round(density * all.reduce((size, layer) => size + layer.size, 0));
        const counts = erdosRenyiCounts(all, total);
        expect(sum(counts)).toBe(total);
        for (const { name, size } of all) expect(counts[name]).toBeLessThanOrEqual(size);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('are proportional to the sum of the sizes of the axes, but where a layer is full', () => {
    fc.assert(
      fc.property(layers, fc.double({ min: 0, max: 1, noNaN: true }), (shapes, density) => {
        const all = layersOf(shapes);
        const total = Math.round(density * all.reduce((size, layer) => size + layer.size, 0));
        const counts = erdosRenyiCounts(all, total);
        // Each count rounds the same factor times its share.
        const open = all.filter(({ name, size }) => (counts[name] ?? 0) < size);
        const least = Math.max(0, ...open.map(({ name, share }) => ((counts[name] ?? 0) - 0.5) / share));
        const most = Math.min(
          Infinity,
          ...open.map(({ name, share }) => ((counts[name] ?? 0) + 0.5) / share),
        );
        expect(least).toBeLessThanOrEqual(most * (1 + 1e-9));
        for (const { size, share, name } of all) {
          if (counts[name] === size)
            expect(Math.round(most * share * (1 + 1e-9))).toBeGreaterThanOrEqual(size);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('fall in no layer as the total grows', () => {
    fc.assert(
      fc.property(layers, fc.nat(60), (shapes, start) => {
        const all = layersOf(shapes);
        const size = all.reduce((total, layer) => total + layer.size, 0);
        for (let total = Math.min(start, size); total < Math.min(size, start + 40); total++) {
          const fewer = erdosRenyiCounts(all, total);
          const more = erdosRenyiCounts(all, total + 1);
          for (const { name } of all) expect(fewer[name]).toBeLessThanOrEqual(more[name] ?? 0);
        }
      }),
      { seed: 1, numRuns: 30 },
    );
  });
});

test('the ladder of the scope has the totals of the global one, and the narrow layers of LeNet-300-100 whole', () => {
  const of = (scope: 'global' | 'erdos-renyi-kernel') =>
    ladder(lenet, pruningOf({ scope, layerRates: {}, levels: 8 }));
  const levels = of('erdos-renyi-kernel');
  expect(levels.map(({ total }) => total)).toEqual(of('global').map(({ total }) => total));
  // fc3 has 1,000 weights; what is left of the 44,661 goes as 784 + 300 to 300 + 100.
  expect(levels[8]?.survivors).toEqual({ 'fc1.weight': 31893, 'fc2.weight': 11768, 'fc3.weight': 1000 });
});
