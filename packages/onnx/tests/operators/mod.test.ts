import { expect, test } from 'vitest';
import { int64, mod } from '../../src/index.js';
import { modOperator } from '../../src/operators/mod.js';
import { testShapes } from './elementwise.js';
import { batched, counting, shapeOf, testDTypes, valuesOf } from './support.js';

testDTypes(modOperator, (dtype) => [mod, batched(counting(dtype, [2, 3])), counting(dtype, [3])]);
testShapes('Mod', 'int64', mod);

test('Mod is the remainder with the sign of the divisor, in 64 bits', async () => {
  const numbers = int64([7, -7, 7, -7, 2 ** 52 + 1]);
  expect(await valuesOf(mod, numbers, int64([3, 3, -3, -3, 2 ** 51]))).toEqual([1, 2, -2, -1, 1]);
});

test('Mod refuses what is no integer', () => {
  expect(() => shapeOf(mod, ['float32', 2], ['float32', 2])).toThrow(
    "Mod: 'input0' has dtype float32, expected int64 or int32 or int8 or uint8",
  );
});

test('Mod is a constant to differentiation', () => {
  expect(modOperator.gradient).toBe('none');
});
