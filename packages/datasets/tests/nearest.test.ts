import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../src/nearest.js';

describe('the nearest name', () => {
  const known = ['mnist', 'fashion-mnist', 'idx'];

  it.each([
    ['mnits', 'mnist'],
    ['MNIST', 'mnist'],
    ['fashion_mnist', 'fashion-mnist'],
    ['fashionmnist', 'fashion-mnist'],
    ['id', 'idx'],
    ['', 'idx'],
  ])('to "%s" is "%s"', (name, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });

  it('to a known name is that name', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.string({ maxLength: 12 }).map((s) => s.toLowerCase()),
          { minLength: 1 },
        ),
        (names) => {
          for (const name of names) expect(nearest(name, names)).toBe(name);
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  });

  it('does not exist among no names', () => {
    expect(nearest('mnist', [])).toBeUndefined();
  });
});
