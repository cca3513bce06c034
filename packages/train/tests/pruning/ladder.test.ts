import { describe, expect, test } from 'vitest';
import { climb, ladder, pruningGroups, survivorsAfterRound } from '../../src/pruning/ladder.js';
import { lenet, pruningOf, small } from '../networks.js';

describe('the ladder', () => {
  test('of LeNet-300-100 has the densities of the paper in rounds 0 to 20', () => {
    const percent = ladder(lenet, pruningOf()).map(({ density }) => (100 * density).toFixed(2));
    expect(percent).toEqual(
      (
        '100.00 80.04 64.06 51.28 41.05 32.87 26.32 21.07 16.88 13.52 10.83 ' +
        '8.68 6.95 5.57 4.47 3.58 2.87 2.31 1.85 1.49 1.19'
      ).split(' '),
    );
  });

  test('counts the survivors of every layer', () => {
    const [all, once] = ladder(lenet, pruningOf({ levels: 1 }));
    expect(all?.survivors).toEqual({ 'fc1.weight': 235200, 'fc2.weight': 30000, 'fc3.weight': 1000 });
    expect(once?.survivors).toEqual({ 'fc1.weight': 188160, 'fc2.weight': 24000, 'fc3.weight': 900 });
    expect(once?.total).toBe(188160 + 24000 + 900);
  });

  test('of global pruning counts the survivors of all layers together', () => {
    const levels = ladder(lenet, pruningOf({ scope: 'global', layerRates: {}, levels: 2 }));
    expect(levels.map(({ survivors }) => survivors)).toEqual([
      { global: 266200 },
      { global: 212960 },
      { global: 170368 },
    ]);
  });

  test('has one level if nothing is pruned', () => {
    expect(ladder(lenet, pruningOf({ levels: 0 })).map(({ density }) => density)).toEqual([1]);
  });

  test('can be climbed as far as one needs', () => {
    const first = climb(lenet, pruningOf({ levels: Number.MAX_SAFE_INTEGER })).next().value;
    expect(first?.density).toBe(1);
  });
});

test('the number pruned is rounded, half up', () => {
  expect(survivorsAfterRound(12, 0.2)).toBe(10);
  expect(survivorsAfterRound(13, 0.2)).toBe(10);
  expect(survivorsAfterRound(5, 0.5)).toBe(2);
  expect(survivorsAfterRound(2, 0.2)).toBe(2);
});

describe('pruning groups', () => {
  test('within layers are one for each prunable parameter, with its rate', () => {
    expect(pruningGroups(small, pruningOf())).toEqual([
      { name: 'fc1.weight', parameters: ['fc1.weight'], rate: 0.2, size: 24, itemWeights: 1 },
      { name: 'fc2.weight', parameters: ['fc2.weight'], rate: 0.2, size: 30, itemWeights: 1 },
      { name: 'fc3.weight', parameters: ['fc3.weight'], rate: 0.1, size: 15, itemWeights: 1 },
    ]);
  });

  test('have the rate of their layer, or else of its kind, or else the general one', () => {
    const pruning = pruningOf({ layerRates: { fc3: 0.1 }, kindRates: { dense: 0.15, conv2d: 0.05 } });
    expect(pruningGroups(small, pruning).map(({ rate }) => rate)).toEqual([0.15, 0.15, 0.1]);
  });

  test('across layers are one, but for the layers with a rate of their own', () => {
    expect(pruningGroups(small, pruningOf({ scope: 'global', layerRates: { fc2: 0 } }))).toEqual([
      { name: 'global', parameters: ['fc1.weight', 'fc3.weight'], rate: 0.2, size: 39, itemWeights: 1 },
      { name: 'fc2.weight', parameters: ['fc2.weight'], rate: 0, size: 30, itemWeights: 1 },
    ]);
  });
});
