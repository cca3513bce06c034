import { expect, test } from 'vitest';
import { float32, sign } from '../../src/index.js';
import { signOperator } from '../../src/operators/sign.js';
import { testNoGradient } from './elementwise.js';
import { batched, counting, shapeOf, testDTypes, valuesOf } from './support.js';

testDTypes(signOperator, (dtype) => [sign, batched(counting(dtype, [2, 3]))]);
testNoGradient(signOperator, (b, x) => sign(b, x));

test('Sign is -1 below zero, 1 above, and 0 at zero', async () => {
  expect(await valuesOf(sign, float32([-2, -1e-30, 0, 1e-30, 3]))).toEqual([-1, -1, 0, 1, 1]);
  expect(shapeOf(sign, ['float32', 'batch', 3])).toEqual(['batch', 3]);
});
