import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float32, where } from '../../src/index.js';
import { whereOperator } from '../../src/operators/where.js';
import {
  batched,
  bool,
  counting,
  shapeOf,
  tensorsOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

testDTypes(whereOperator, (dtype) => [
  where,
  batched(bool([true, false], [2, 1])),
  counting(dtype, [3]),
  counting(dtype, []),
]);

test('Where takes the first value where the condition holds, the second elsewhere', async () => {
  const condition = bool([true, false, true]);
  expect(await valuesOf(where, condition, float32([1, 2, 3]), float32([9], []))).toEqual([1, 9, 3]);
});

testGradient(
  'Where of values that broadcast',
  where,
  fc
    .constantFrom({ a: [2, 3], b: [2, 3] }, { a: [3], b: [2, 1] }, { a: [], b: [1, 3] }, { a: [2, 1], b: [] })
    .chain(({ a, b }) =>
      fc.tuple(
        fc.constant(bool([true, false, true, false, false, true], [2, 3])),
        tensorsOf(a),
        tensorsOf(b),
      ),
    ),
);
testGradient(
  'Where with a narrow condition',
  where,
  fc.tuple(fc.constant(bool([true, false], [2, 1])), tensorsOf([2, 3]), tensorsOf([2, 3])),
);

test('Where refuses a condition that is not bool, two dtypes and shapes that do not broadcast', () => {
  expect(() => shapeOf(where, ['float32', 2], ['float32', 2], ['float32', 2])).toThrow(
    "Where: 'input0' has dtype float32, expected bool",
  );
  expect(() => shapeOf(where, ['bool', 2], ['float32', 2], ['int32', 2])).toThrow(
    "Where: 'input1' is float32 but 'input2' is int32",
  );
  expect(() => shapeOf(where, ['bool', 2], ['float32', 3], ['float32', 1])).toThrow(
    'Where: shapes [2] and [3] do not broadcast',
  );
});
