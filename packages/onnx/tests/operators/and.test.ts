import { expect, test } from 'vitest';
import { and } from '../../src/index.js';
import { andOperator } from '../../src/operators/and.js';
import { testShapes } from './elementwise.js';
import { bool, shapeOf, testDTypes, valuesOf } from './support.js';

testDTypes(andOperator, () => [and, bool([true, false]), bool([true], [1])]);
testShapes('And', 'bool', and);

test('And is true where both are', async () => {
  const both = await valuesOf(and, bool([false, false, true, true]), bool([false, true, false, true]));
  expect(both).toEqual([0, 0, 0, 1]);
});

test('And refuses what is not bool', () => {
  expect(() => shapeOf(and, ['float32', 2], ['float32', 2])).toThrow(
    "And: 'input0' has dtype float32, expected bool",
  );
});
