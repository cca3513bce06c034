import { describe, expect, test } from 'vitest';
import { parseOptimizer } from '../../src/optimizers/optimizer.js';

describe('an optimizer', () => {
  test('of kind adam has the defaults of its paper', () => {
    expect(parseOptimizer({ kind: 'adam', rate: 0.0012 }, 'here')).toEqual({
      kind: 'adam',
      rate: 0.0012,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    });
  });

  test('of kind sgd or momentum says all it needs', () => {
    expect(parseOptimizer({ kind: 'sgd', rate: 0.1 }, 'here')).toEqual({ kind: 'sgd', rate: 0.1 });
    const momentum = { kind: 'momentum', rate: 0.1, momentum: 0.9 };
    expect(parseOptimizer(momentum, 'here')).toEqual(momentum);
  });

  test('may have factors of layers; none of them is as if they were left out', () => {
    const factored = { kind: 'sgd', rate: 0.1, rateFactors: { fc3: 0.5 } };
    expect(parseOptimizer(factored, 'here')).toEqual(factored);
    expect(parseOptimizer({ ...factored, rateFactors: {} }, 'here')).toEqual({ kind: 'sgd', rate: 0.1 });
  });
});

describe('malformed', () => {
  test.each([
    [
      { kind: 'adagrad', rate: 0.1 },
      `here: 'kind' must be one of "sgd", "momentum", "adam", found "adagrad"`,
    ],
    [{ kind: 'sgd', rate: 0 }, `here: 'rate' must be above 0, found 0`],
    [{ kind: 'sgd', rate: -1 }, `here: 'rate' must be above 0, found -1`],
    [{ kind: 'momentum', rate: 0.1, momentum: 1 }, `here: 'momentum' must be below 1, found 1`],
    [{ kind: 'adam', rate: 0.1, beta2: -0.1 }, `here: 'beta2' must be at least 0, found -0.1`],
    [{ kind: 'sgd', rate: 0.1, weightDecay: 0 }, `here: 'weightDecay' must be above 0, found 0`],
    [
      { kind: 'sgd', rate: 0.1, rateFactors: { fc1: -1 } },
      `here: 'rateFactors.fc1' must be at least 0, found -1`,
    ],
    [{ kind: 'adam', rate: 0.1, epsilon: 0 }, `here: 'epsilon' must be above 0, found 0`],
    [{ kind: 'adam', rate: 0.1, beta: 0.9 }, `here: unknown key 'beta'; did you mean 'beta1'?`],
    [
      { kind: 'sgd', rate: 0.1, momentum: 0.9 },
      `here: unknown key 'momentum'; known are kind, rate, weightDecay, rateFactors`,
    ],
  ])('%j is refused, saying what is wrong', (value, message) => {
    expect(() => parseOptimizer(value, 'here')).toThrow(new Error(message));
  });
});
