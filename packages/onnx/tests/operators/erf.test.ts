import { expect, test } from 'vitest';
import { erf, float32, gradients } from '../../src/index.js';
import { erfOperator } from '../../src/operators/erf.js';
import { errorFunction } from './error-function.js';
import { at, batched, counting, shapeOf, testDTypes, valuesOf } from './support.js';

// ONNX Runtime has no kernel in double precision: what needs it is left to the reference evaluator.
const grid = Array.from({ length: 81 }, (_, index) => Math.fround(-4 + index / 10));

testDTypes(erfOperator, (dtype) => [erf, batched(counting(dtype, [2, 3]))]);

test('Erf is the error function, to single precision', async () => {
  const result = await valuesOf(erf, float32(grid));
  result.forEach((value, index) => {
    expect(Math.abs(value - errorFunction(at(grid, index)))).toBeLessThan(3e-7);
  });
});

test('the gradient of Erf is the bell curve 2/√π · exp(-x²), whose own is -2x times that', async () => {
  const bell = (x: number) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
  const [first, second] = await Promise.all([
    valuesOf((b, x) => gradients(b, erf(b, x), [x]), float32(grid)),
    valuesOf((b, x) => gradients(b, at(gradients(b, erf(b, x), [x]), 0), [x]), float32(grid)),
  ]);
  grid.forEach((x, index) => {
    expect(Math.abs(at(first, index) - bell(x))).toBeLessThan(1e-6);
    expect(Math.abs(at(second, index) + 2 * x * bell(x))).toBeLessThan(1e-6);
  });
});

test('Erf keeps a symbolic batch', () => {
  expect(shapeOf(erf, ['float32', 'batch', 3])).toEqual(['batch', 3]);
});
