import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OptimizerSpec } from '../../src/optimizers/optimizer.js';
import { updates } from './update.js';

const optimizers: readonly OptimizerSpec[] = [
  { kind: 'sgd', rate: 0.1 },
  { kind: 'momentum', rate: 0.1, momentum: 0.5 },
  { kind: 'adam', rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
];

test('sgd with weight decay by hand: a weight shrinks by its share though its gradient is zero', async () => {
  const { weights } = await updates(
    { kind: 'sgd', rate: 0.5, weightDecay: 0.25 },
    [1, 0],
    [
      [0, 0],
      [1, 0],
    ],
  );
  // 1 - 0.5 · 0.25, then less 0.5 · (1 + 0.25 · 0.875).
  expect(weights).toEqual([
    [0.875, 0],
    [0.875 - 0.5 * (1 + 0.25 * 0.875), 0],
  ]);
});

test.each(optimizers)('$kind with weight decay is $kind whose gradient has the share added', async (spec) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(0.001, 0.5),
      async (drawn, weightDecay) => {
        const slopes = drawn.map((g) => g / 16);
        const { weights } = await updates(
          { ...spec, weightDecay },
          [0.5],
          slopes.map((g) => [g]),
        );
        // The same path, with each gradient made of the weight before it.
        const before = [0.5, ...weights.map(([weight]) => weight ?? NaN)];
        const added = slopes.map((g, index) => [g + weightDecay * (before[index] ?? NaN)]);
        const plain = await updates(spec, [0.5], added);
        plain.weights.forEach(([weight], index) => {
          expect(weights[index]?.[0]).toBeCloseTo(weight ?? NaN, 10);
        });
      },
    ),
    { seed: 1, numRuns: 8 },
  );
});

test.each(optimizers)('$kind with weight decay leaves a pruned weight at zero', async (spec) => {
  const { weights, slots } = await updates({ ...spec, weightDecay: 0.1 }, [0], [[0], [0]]);
  expect([...weights.flat(), ...slots.flat()].every((value) => value === 0)).toBe(true);
});
