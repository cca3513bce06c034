import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gradients, relu } from '../../src/index.js';
import { reluOperator } from '../../src/operators/relu.js';
import { testUnary } from './elementwise.js';
import { anyShape, float64, tensorsOf, testGradient, valuesOf } from './support.js';

testUnary(reluOperator, relu, (x) => Math.max(x, 0), [0.1, 2]);
testGradient(
  'Relu below zero',
  relu,
  anyShape.chain((shape) => fc.tuple(tensorsOf(shape, -2, -0.1))),
);

test('Relu has gradient 0 at 0, as in PyTorch and TensorFlow', async () => {
  const slope = await valuesOf((b, x) => gradients(b, relu(b, x), [x]), float64([-1, -0, 0, 1e-300]));
  expect(slope).toEqual([0, 0, 0, 1]);
});
