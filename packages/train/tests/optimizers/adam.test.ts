import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { updates } from './update.js';

const spec = { kind: 'adam', rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

describe('adam', () => {
  test('by hand, first step: rate · sqrt(0.001)/0.1 · 0.1 g / (sqrt(0.001) |g| + epsilon)', async () => {
    // g = 2: m = 0.2, v = 0.004, step size 0.1 · 0.0316227766/0.1; change = 0.0316227766 · 0.2/(0.0632455532 + 1e-8).
    const { weights } = await updates(spec, [1, 1], [[2, -2]]);
    expect(weights[0]?.[0]).toBeCloseTo(1 - 0.0316227766017 * (0.2 / (0.0632455532034 + 1e-8)), 11);
    expect(weights[0]?.[1]).toBeCloseTo(1 + 0.0316227766017 * (0.2 / (0.0632455532034 + 1e-8)), 11);
  });

  test('by hand, second step', async () => {
    // g = 2, then 1: m = 0.9 · 0.2 + 0.1 = 0.28; v = 0.999 · 0.004 + 0.001 = 0.004996;
    // step size 0.1 · sqrt(1 - 0.998001)/(1 - 0.81) = 0.1 · 0.0447101778122/0.19 = 0.0235316725327.
    const { weights } = await updates(spec, [1], [[2], [1]]);
    const first = 1 - 0.0316227766017 * (0.2 / (0.0632455532034 + 1e-8));
    const second = first - 0.0235316725327 * (0.28 / (0.0706823881883 + 1e-8));
    expect(weights[1]?.[0]).toBeCloseTo(second, 10);
  });

  test('adds epsilon to sqrt(v) outside the bias correction', async () => {
    // g = 1, epsilon 0.5: 0.0316227766 · 0.1/(0.0316227766 + 0.5), not 0.1 · 1/(1 + 0.5).
    const { weights } = await updates({ ...spec, epsilon: 0.5 }, [0], [[1]]);
    expect(weights[0]?.[0]).toBeCloseTo(-0.0316227766017 * (0.1 / 0.5316227766017), 11);
  });

  test('is the algorithm of the paper, for any decay rates', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          kind: fc.constant('adam' as const),
          rate: fc.constantFrom(0.001, 0.1),
          beta1: fc.constantFrom(0, 0.5, 0.9),
          beta2: fc.constantFrom(0, 0.9, 0.999),
          epsilon: fc.constantFrom(1e-8, 1e-2),
        }),
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 6 }),
        async (drawn, gradients) => {
          const slopes = gradients.map((g) => g / 16);
          const { weights } = await updates(
            drawn,
            [0.5],
            slopes.map((g) => [g]),
          );
          let [w, m, v] = [0.5, 0, 0];
          slopes.forEach((g, index) => {
            const t = index + 1;
            m = drawn.beta1 * m + (1 - drawn.beta1) * g;
            v = drawn.beta2 * v + (1 - drawn.beta2) * g * g;
            const rate = (drawn.rate * Math.sqrt(1 - drawn.beta2 ** t)) / (1 - drawn.beta1 ** t);
            w -= (rate * m) / (Math.sqrt(v) + drawn.epsilon);
            expect(weights[index]?.[0]).toBeCloseTo(w, 10);
          });
        },
      ),
      { seed: 1, numRuns: 20 },
    );
  });

  test('does not move a weight whose gradient is always zero', async () => {
    const { weights, slots } = await updates(
      spec,
      [0, 0.25],
      [
        [0, 0],
        [-0, 0],
        [0, -0],
      ],
    );
    expect(weights.flat().map(Math.abs)).toEqual([0, 0.25, 0, 0.25, 0, 0.25]);
    expect(slots.flat().every((value) => value === 0)).toBe(true);
  });
});
