import fc from 'fast-check';
import { expect, test } from 'vitest';
import { abs, gradients } from '../../src/index.js';
import { absOperator } from '../../src/operators/abs.js';
import { testUnary } from './elementwise.js';
import { anyShape, float64, tensorsOf, testGradient, valuesOf } from './support.js';

testUnary(absOperator, abs, Math.abs, [0.1, 2]);
testGradient(
  'Abs below zero',
  abs,
  anyShape.chain((shape) => fc.tuple(tensorsOf(shape, -2, -0.1))),
);

test('Abs has gradient 0 at 0, as in PyTorch and TensorFlow', async () => {
  const slope = await valuesOf((b, x) => gradients(b, abs(b, x), [x]), float64([-1, -0, 0, 1e-300]));
  expect(slope).toEqual([-1, 0, 0, 1]);
});
