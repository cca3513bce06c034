import fc from 'fast-check';
import { expect, test } from 'vitest';
import { transpose } from '../../src/index.js';
import { transposeOperator } from '../../src/operators/transpose.js';
import type { Build } from './support.js';
import {
  batched,
  counting,
  runGraph,
  shapeOf,
  tensorsOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

const by =
  (...permutation: number[]): Build =>
  (b, x) =>
    transpose(b, x, permutation);

testDTypes(transposeOperator, (dtype) => [by(1, 0), batched(counting(dtype, [2, 3]))]);

test('Transpose reverses the axes unless told otherwise', async () => {
  expect(await valuesOf((b, x) => transpose(b, x), counting('float32', [2, 3]))).toEqual([1, 4, 2, 5, 3, 6]);
  expect(await valuesOf((b, x) => b.add('Transpose', [x]), counting('float32', [2, 3]))).toEqual([
    1, 4, 2, 5, 3, 6,
  ]);
});

test('axis i of the result is axis permutation[i] of the value', async () => {
  expect(shapeOf(by(2, 0, 1), ['float32', 'batch', 3, 4])).toEqual([4, 'batch', 3]);
  const [result] = await runGraph(by(2, 0, 1), [counting('float32', [2, 3, 4])]);
  expect(result?.shape).toEqual([4, 2, 3]);
});

testGradient(
  'Transpose by any permutation',
  (b, x, order) =>
    transpose(
      b,
      x,
      order.shape.map((size) => Number(size) - 1),
    ),
  fc
    .shuffledSubarray([1, 2, 3], { minLength: 3 })
    .chain((order) => fc.tuple(tensorsOf([2, 3, 2]), fc.constant(counting('int32', order)))),
);

test.each([[[0, 0]], [[0]], [[0, 2]], [[0, 1, 1]]])(
  'Transpose refuses %j, which does not permute two axes',
  (permutation) => {
    expect(() => shapeOf(by(...permutation), ['float32', 2, 3])).toThrow(
      `Transpose: [${permutation.join(', ')}] does not permute the axes of [2, 3]`,
    );
  },
);
