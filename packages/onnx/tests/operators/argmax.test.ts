import { expect, test } from 'vitest';
import { argMax, float32 } from '../../src/index.js';
import { argMaxOperator } from '../../src/operators/argmax.js';
import { testNoGradient } from './elementwise.js';
import { batched, counting, shapeOf, testDTypes, valuesOf } from './support.js';

testDTypes(argMaxOperator, (dtype) => [(b, x) => argMax(b, x, 1), batched(counting(dtype, [2, 3]))]);
testNoGradient(argMaxOperator, (b, x) => argMax(b, x, 0));

test('ArgMax gives the place of the largest element, the first one of a tie', async () => {
  const x = float32([1, 3, 2, 5, 5, 4], [2, 3]);
  expect(await valuesOf((b, v) => argMax(b, v, 1), x)).toEqual([1, 0]);
  expect(await valuesOf((b, v) => argMax(b, v, -2), x)).toEqual([1, 1, 1]);
});

test('ArgMax refuses an axis outside the rank', () => {
  expect(() => shapeOf((b, x) => argMax(b, x, 2), ['float32', 2, 3])).toThrow(
    'ArgMax: axis 2 is outside rank 2',
  );
});
