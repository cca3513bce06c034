import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, float32, gradients, GraphBuilder } from '../../src/index.js';
import { concatOperator } from '../../src/operators/concat.js';
import type { Build } from './support.js';
import {
  batched,
  counting,
  expectGradients,
  float64,
  shapeOf,
  tensorsOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

const along =
  (axis: number): Build =>
  (b, ...values) =>
    concat(b, values, axis);

testDTypes(concatOperator, (dtype) => [along(1), counting(dtype, [2, 1]), counting(dtype, [2, 2])]);

test('Concat joins values in their order along the axis', async () => {
  const x = float32([1, 2, 3, 4], [2, 2]);
  const y = float32([5, 6], [1, 2]);
  expect(await valuesOf(along(0), x, y, y)).toEqual([1, 2, 3, 4, 5, 6, 5, 6]);
  expect(await valuesOf(along(-1), y, y)).toEqual([5, 6, 5, 6]);
});

test('one value alone stays as it is, and empty values add nothing', async () => {
  const x = float32([1, 2]);
  expect(await valuesOf(along(0), x)).toEqual([1, 2]);
  expect(await valuesOf(along(0), float32([]), x, float32([]))).toEqual([1, 2]);
});

test('the size along the axis is the sum; a symbolic one is a sum with a name', async () => {
  expect(shapeOf(along(1), ['float32', 'n', 2, 3], ['float32', 'n', 4, 3])).toEqual(['n', 6, 3]);
  expect(shapeOf(along(0), ['float32', 'n'], ['float32', 1])).toEqual(['n+1']);
  const joined = along(1);
  expect(
    await valuesOf(joined, batched(counting('float32', [2, 1])), batched(float32([8, 9], [2, 1]))),
  ).toEqual([1, 8, 2, 9]);
});

testGradient(
  'Concat of three values',
  along(1),
  fc.tuple(tensorsOf([2, 1]), tensorsOf([2, 3]), tensorsOf([2, 2])),
);
testGradient('Concat of a value with itself', (b, x) => concat(b, [x, x], -1), fc.tuple(tensorsOf([2, 2])));

test('the gradient of one of several joined values is its part of the whole', async () => {
  await expectGradients(
    (b, x) => concat(b, [b.constant(float64([7, 8])), x, b.constant(float64([9]))], 0),
    [float64([0.5, 2, 3])],
  );
});

test('Concat refuses two dtypes, sizes that differ beside the axis, other ranks and an axis outside the rank', () => {
  expect(() => shapeOf(along(0), ['float32', 2], ['int32', 2])).toThrow(
    "Concat: 'input0' is float32 but 'input1' is int32",
  );
  expect(() => shapeOf(along(0), ['float32', 2, 3], ['float32', 2, 4])).toThrow(
    "Concat: 'input1' of shape [2, 4] does not join [2, 3] along axis 0",
  );
  expect(() => shapeOf(along(1), ['float32', 'n', 3], ['float32', 'k', 3])).toThrow(
    "Concat: 'input1' of shape [k, 3] does not join [n, 3] along axis 1",
  );
  expect(() => shapeOf(along(0), ['float32', 2, 3], ['float32', 2])).toThrow(
    "Concat: 'input1' of shape [2] does not join [2, 3] along axis 0",
  );
  expect(() => shapeOf(along(1), ['float32', 2], ['float32', 2])).toThrow('Concat: axis 1 is outside rank 1');
});

test('joining nothing is refused', () => {
  expect(() => concat(new GraphBuilder('empty'), [], 0)).toThrow('Concat: input 0 is missing');
});

test('a gradient through a Concat of symbolic sizes is an error that says so', () => {
  const builder = new GraphBuilder('symbolic');
  const x = builder.input('x', 'float64', ['n']);
  const y = builder.input('y', 'float64', [1]);
  expect(() => gradients(builder, concat(builder, [x, y], 0), [x])).toThrow(
    /known sizes along axis 0, found \[n, 1\]/,
  );
});
