import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, float32, gather, gatherElements, gradients, int64, mul, tensor } from '../../src/index.js';
import { gatherElementsOperator } from '../../src/operators/gather-elements.js';
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

const int32 = (values: readonly number[], shape: readonly number[] = [values.length]) =>
  tensor('int32', shape, Int32Array.from(values));
const pick =
  (axis?: number): Build =>
  (b, x, i) =>
    gatherElements(b, x, i, axis);

testDTypes(gatherElementsOperator, (dtype) => [pick(), counting(dtype, [3]), int32([2, 0])]);

test('GatherElements picks elements in the order of the indices, of either integer dtype', async () => {
  const x = float32([10, 20, 30]);
  expect(await valuesOf(pick(), x, batched(int32([2, 0, 2, 1]), 'picked'))).toEqual([30, 10, 30, 20]);
  expect(await valuesOf(pick(), x, int64([1]))).toEqual([20]);
  expect(await valuesOf(pick(), x, int32([]))).toEqual([]);
});

test('each index replaces the place along the axis, the other places stay', async () => {
  const x = float32([1, 2, 3, 4, 5, 6], [2, 3]);
  expect(await valuesOf(pick(0), x, int32([1, 0, 1], [1, 3]))).toEqual([4, 2, 6]);
  expect(await valuesOf(pick(-1), x, int32([2, 0, 1, 1], [2, 2]))).toEqual([3, 1, 5, 5]);
});

test('on vectors it picks what Gather picks', async () => {
  const cases = fc
    .integer({ min: 1, max: 6 })
    .chain((size) => fc.tuple(fc.constant(size), fc.array(fc.nat(size - 1), { maxLength: 8 })));
  await fc.assert(
    fc.asyncProperty(cases, async ([size, indices]) => {
      const inputs = [counting('float32', [size]), int32(indices)];
      expect(await valuesOf(pick(), ...inputs)).toEqual(
        await valuesOf((b, x, i) => gather(b, x, i), ...inputs),
      );
    }),
    { seed: 1, numRuns: 6 },
  );
});

test('the result has the shape of the indices', () => {
  expect(shapeOf(pick(), ['float32', 9], ['int32', 'k'])).toEqual(['k']);
  expect(shapeOf(pick(1), ['float32', 'n', 9, 4], ['int64', 'n', 2, 4])).toEqual(['n', 2, 4]);
});

test('GatherElements refuses indices that are no integers, or of another rank or size, and an axis outside the rank', () => {
  expect(() => shapeOf(pick(), ['float32', 3], ['float32', 2])).toThrow(
    "GatherElements: 'input1' has dtype float32, expected int32 or int64",
  );
  expect(() => shapeOf(pick(), ['float32', 3], ['int32', 2, 1])).toThrow(
    "GatherElements: 'input1' has shape [2, 1], expected rank 1",
  );
  expect(() => shapeOf(pick(), ['float32', 3, 4], ['int32', 2, 3])).toThrow(
    "GatherElements: indices of shape [2, 3] do not fit 'input0' [3, 4] beside axis 0",
  );
  expect(() => shapeOf(pick(1), ['float32', 3], ['int32', 2])).toThrow(
    'GatherElements: axis 1 is outside rank 1',
  );
});

const onVectors = fc.tuple(tensorsOf([3]), fc.constant(batched(int32([2, 0, -1, 2]), 'picked')));
const onRows = fc.tuple(
  tensorsOf([2, 3]).map((x) => batched(x)),
  fc.constant(batched(int32([2, 0, 1, 1], [2, 2]))),
);
for (const [axis, inputs] of [[0, onVectors] as const, [1, onRows] as const]) {
  testGradient(`GatherElements along axis ${axis}`, pick(axis), inputs);
  testGradient(
    `the gradient of GatherElements along axis ${axis}`,
    (b, x, i) => {
      const y = gatherElements(b, x, i, axis);
      return gradients(b, mul(b, y, mul(b, y, y)), [x]);
    },
    inputs,
  );
}

test('GatherElements is no obstacle where its data needs no gradient, or is detached', async () => {
  await expectGradients(
    (b, w) => mul(b, gatherElements(b, b.constant(float64([1, 2, 3])), b.constant(int32([2, 0]))), w),
    [float64([0.5, 2])],
  );
  const slope = await valuesOf(
    (b, x) => {
      const picked = b.detach(gatherElements(b, x, b.constant(int32([1, 0]))));
      return gradients(b, add(b, x, picked), [x]);
    },
    float64([1, 2]),
  );
  expect(slope).toEqual([1, 1]);
});
