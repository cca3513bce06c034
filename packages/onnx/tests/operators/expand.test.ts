import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expand, float32, int64, shape } from '../../src/index.js';
import { expandOperator } from '../../src/operators/expand.js';
import type { Build } from './support.js';
import {
  batched,
  broadcastingShapes,
  counting,
  shapeOf,
  tensorsOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

const to =
  (...sizes: number[]): Build =>
  (b, x) =>
    expand(b, x, b.constant(int64(sizes)), sizes);
const like: Build = (b, x, y) => expand(b, x, shape(b, y), y.shape);

testDTypes(expandOperator, (dtype) => [to(2, 3), counting(dtype, [1, 3])]);

test('Expand repeats along axes of size 1 and new leading axes', async () => {
  expect(await valuesOf(to(2, 2, 2), float32([1, 2], [2, 1]))).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
});

test('Expand takes sizes that are known only at run time', async () => {
  expect(await valuesOf(like, float32([7], []), batched(float32([0, 0, 0])))).toEqual([7, 7, 7]);
});

test('Expand refuses sizes that do not broadcast', () => {
  expect(() => shapeOf(to(2, 4), ['float32', 2, 3])).toThrow(
    'Expand: shapes [2, 3] and [2, 4] do not broadcast',
  );
});

testGradient(
  'Expand',
  (b, x, y) => expand(b, x, b.constant(int64(y.shape.map(Number))), y.shape),
  broadcastingShapes
    .filter(
      ([a, b]) =>
        a.length <= b.length && a.every((size, axis) => size === 1 || size === b.at(axis - a.length)),
    )
    .chain(([a, b]) => fc.tuple(tensorsOf(a), tensorsOf(b))),
);
testGradient(
  'Expand to a run-time size',
  like,
  fc.tuple(
    tensorsOf([1, 3]),
    tensorsOf([2, 3]).map((t) => batched(t)),
  ),
);
