import { expect, test } from 'vitest';
import { add, float32, gather, gradients, GraphBuilder, int64, mul, tensor } from '../../src/index.js';
import { gatherOperator } from '../../src/operators/gather.js';
import { batched, counting, expectGradients, float64, shapeOf, testDTypes, valuesOf } from './support.js';

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

test('a gradient that would have to pass through Gather is an error that says so', () => {
  const builder = new GraphBuilder('test');
  const x = builder.input('x', 'float32', [3, 2]);
  const picked = gather(builder, x, builder.constant(int64([0])));
  expect(() => gradients(builder, picked, [x])).toThrow(
    /^operator 'Gather' \(node '.+'\) has no gradient rule: .+ detach its output/,
  );
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
