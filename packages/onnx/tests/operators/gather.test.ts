import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, float32, gather, gradients, int64, mul, sizeOf, tensor } from '../../src/index.js';
import { gatherOperator } from '../../src/operators/gather.js';
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

const rows = tensor('int32', [2], Int32Array.of(2, 0));

testDTypes(gatherOperator, (dtype) => [(b, x, i) => gather(b, x, i), counting(dtype, [3, 2]), rows]);

test('Gather picks slices in the order of the indices, of either integer dtype', async () => {
  const x = float32([1, 2, 3, 4, 5, 6], [3, 2]);
  expect(await valuesOf((b, v, i) => gather(b, v, i), batched(x), batched(rows, 'picked'))).toEqual([
    5, 6, 1, 2,
  ]);
  expect(await valuesOf((b, v, i) => gather(b, v, i, 1), x, int64([1], []))).toEqual([2, 4, 6]);
  expect(await valuesOf((b, v, i) => gather(b, v, i, -1), x, int64([1, 0, 1], [3, 1]))).toEqual([
    2, 1, 2, 4, 3, 4, 6, 5, 6,
  ]);
});

test('the shape of the indices takes the place of the axis', () => {
  expect(shapeOf((b, x, i) => gather(b, x, i, 1), ['float32', 'n', 9, 4], ['int64', 'k', 2])).toEqual([
    'n',
    'k',
    2,
    4,
  ]);
});

test('Gather refuses indices that are not integers, and an axis outside the rank', () => {
  expect(() => shapeOf((b, x, i) => gather(b, x, i), ['float32', 3], ['float32', 2])).toThrow(
    "Gather: 'input1' has dtype float32, expected int32 or int64",
  );
  expect(() => shapeOf((b, x, i) => gather(b, x, i, 1), ['float32', 3], ['int64', 2])).toThrow(
    'Gather: axis 1 is outside rank 1',
  );
});

const indices = (shape: readonly number[], size: number) =>
  fc
    .array(fc.integer({ min: -size, max: size - 1 }), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((places) => tensor('int32', shape, Int32Array.from(places)));

describe.each([
  { data: [4], axis: 0 },
  { data: [4, 3], axis: 0 },
  { data: [4, 2, 3], axis: 0 },
  { data: [3, 4], axis: 1 },
  { data: [2, 4, 3], axis: -2 },
])('Gather from $data along axis $axis', ({ data, axis }) => {
  for (const picked of [[], [5], [2, 3]]) {
    const inputs = fc.tuple(tensorsOf(data), indices(picked, 4));
    const of: Build = (b, x, i) => gather(b, x, i, axis);
    testGradient(`indices of shape [${picked.join(', ')}]`, of, inputs);
    if (picked.length > 0) {
      testGradient(
        `a number of indices of shape [${picked.join(', ')}] that is not known`,
        of,
        inputs.map(([x, i]) => [x, batched(i, 'picked')]),
      );
    }
    testGradient(
      `data whose sizes are not known, indices of shape [${picked.join(', ')}]`,
      of,
      inputs.map(([x, i]) => [{ tensor: x, declared: data.map((_, index) => `size${index}`) }, i]),
    );
    testGradient(
      `the gradient, indices of shape [${picked.join(', ')}]`,
      (b, x, i) => {
        const y = gather(b, x, i, axis);
        return gradients(b, mul(b, y, mul(b, y, y)), [x]);
      },
      inputs,
    );
  }
});

test('the gradient of a table adds up over all uses of a row, both sizes of the indices unknown', async () => {
  const slope = await valuesOf(
    (b, table, i) => gradients(b, gather(b, table, i), [table]),
    float64([1, 2, 3, 4, 5, 6], [3, 2]),
    { tensor: int64([2, 0, 2, 2], [2, 2]), declared: ['batch', 'words'] },
  );
  expect(slope).toEqual([1, 1, 0, 0, 3, 3]);
});

test('Gather is no obstacle where its data needs no gradient, or is detached', async () => {
  const data = float64([1, 2, 3, 4, 5, 6], [3, 2]);
  await expectGradients(
    (b, w) => mul(b, gather(b, b.constant(data), b.constant(rows)), w),
    [float64([0.5, 2])],
  );
  const slope = await valuesOf(
    (b, x) => {
      const picked = b.detach(gather(b, x, b.constant(int64([0, 1]))));
      return gradients(b, add(b, x, picked), [x]);
    },
    float64([1, 2]),
  );
  expect(slope).toEqual([1, 1]);
});
