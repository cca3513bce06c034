import { expect, test } from 'vitest';
import { or } from '../../src/index.js';
import { orOperator } from '../../src/operators/or.js';
import { testShapes } from './elementwise.js';
import { bool, shapeOf, testDTypes, valuesOf } from './support.js';

testDTypes(orOperator, () => [or, bool([true, false]), bool([true], [1])]);
testShapes('Or', 'bool', or);

test('Or is true where either is', async () => {
  const either = await valuesOf(or, bool([false, false, true, true]), bool([false, true, false, true]));
  expect(either).toEqual([0, 1, 1, 1]);
});

test('Or refuses what is not bool', () => {
  expect(() => shapeOf(or, ['float32', 2], ['float32', 2])).toThrow(
    "Or: 'input0' has dtype float32, expected bool",
  );
});
