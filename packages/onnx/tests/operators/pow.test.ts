import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gradients, pow } from '../../src/index.js';
import { powOperator } from '../../src/operators/pow.js';
import { testBinary, testBinaryGradient } from './elementwise.js';
import type { Build } from './support.js';
import { batched, float64, tensorsOf, testGradient, valuesOf } from './support.js';

testBinary(powOperator, pow, (a, b) => a ** b, [0.5, 2]);
testBinaryGradient(powOperator, pow, [0.5, 2]);

testGradient(
  'the gradient of Pow, for base and exponent',
  (b, x, e) => gradients(b, pow(b, x, e), [x, e]),
  fc.tuple(tensorsOf([2, 3], 0.5, 2), tensorsOf([3], -2, 2)),
);

test.each([
  [3, [-8, 0, 8]],
  [2, [4, 0, 4]],
  [1, [-2, 0, 2]],
  [0, [1, 1, 1]],
  [-1, [-0.5, Infinity, 0.5]],
])('a whole power %d may be of a negative number', async (exponent, expected) => {
  expect(await valuesOf((b, x) => pow(b, x, exponent), float64([-2, 0, 2]))).toEqual(expected);
});

const powers = fc.tuple(tensorsOf([2, 3]).map((x) => batched(x)));
for (const exponent of [0, 1, 2, 3, -2]) {
  testGradient(`Pow with the constant exponent ${exponent}`, (b, x) => pow(b, x, exponent), powers);
}
testGradient('the gradient of a cube', (b, x) => gradients(b, pow(b, x, 3), [x]), powers);

test('at the base 0 the gradient is that of the power, and none for the exponent', async () => {
  const base: Build = (b, x, e) => gradients(b, pow(b, x, e), [x]);
  const exponent: Build = (b, x, e) => gradients(b, pow(b, x, e), [e]);
  const zeros = float64([0, 0, 0, 0, 0]);
  const exponents = float64([0, 0.5, 1, 2, 3]);
  expect(await valuesOf(base, zeros, exponents)).toEqual([0, Infinity, 1, 0, 0]);
  expect(await valuesOf(exponent, zeros, exponents)).toEqual([0, 0, 0, 0, 0]);
  expect(await valuesOf((b, x) => gradients(b, pow(b, x, 0), [x]), zeros)).toEqual([0, 0, 0, 0, 0]);
});

test('a negative base has no gradient for its exponent, which is not a number, as in PyTorch', async () => {
  const slope = await valuesOf((b, x, e) => gradients(b, pow(b, x, e), [e]), float64([-2]), float64([2]));
  expect(slope).toEqual([NaN]);
});
