import { expect, test } from 'vitest';
import { float32, gelu, gradients } from '../../src/index.js';
import { errorFunction } from './error-function.js';
import { at, shapeOf, valuesOf } from './support.js';

const grid = Array.from({ length: 81 }, (_, index) => Math.fround(-4 + index / 10));
const share = (x: number) => (1 + errorFunction(x / Math.SQRT2)) / 2;
const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

test('the GELU is x times the share of a normal distribution below x, to single precision', async () => {
  const result = await valuesOf(gelu, float32(grid));
  result.forEach((value, index) => {
    const x = at(grid, index);
    expect(Math.abs(value - x * share(x))).toBeLessThan(1e-6);
  });
});

test('it has the gradient of the formula, and that gradient has its own', async () => {
  const [first, second] = await Promise.all([
    valuesOf((b, x) => gradients(b, gelu(b, x), [x]), float32(grid)),
    valuesOf((b, x) => gradients(b, at(gradients(b, gelu(b, x), [x]), 0), [x]), float32(grid)),
  ]);
  grid.forEach((x, index) => {
    expect(Math.abs(at(first, index) - (share(x) + x * density(x)))).toBeLessThan(2e-6);
    expect(Math.abs(at(second, index) - (2 - x * x) * density(x))).toBeLessThan(2e-6);
  });
});

test('it keeps a symbolic batch', () => {
  expect(shapeOf(gelu, ['float32', 'batch', 3])).toEqual(['batch', 3]);
});
