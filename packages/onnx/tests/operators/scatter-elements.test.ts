import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScatterReduction } from '../../src/index.js';
import { float32, gradients, int64, mul, scatterElements, tensor } from '../../src/index.js';
import { scatterElementsOperator } from '../../src/operators/scatter-elements.js';
import type { Build } from './support.js';
import { batched, counting, shapeOf, tensorsOf, testDTypes, testGradient, valuesOf } from './support.js';

const int32 = (values: readonly number[], shape: readonly number[] = [values.length]) =>
  tensor('int32', shape, Int32Array.from(values));
const scatter =
  (axis?: number, reduction?: ScatterReduction): Build =>
  (b, data, indices, updates) =>
    scatterElements(b, data, indices, updates, axis, reduction);

testDTypes(scatterElementsOperator, (dtype) => [
  scatter(),
  counting(dtype, [3]),
  int32([2, 0]),
  counting(dtype, [2]),
]);

test('ScatterElements writes elements where the indices say, of either integer dtype', async () => {
  const x = float32([10, 20, 30]);
  expect(await valuesOf(scatter(), x, int32([2, 0]), float32([1, 2]))).toEqual([2, 20, 1]);
  expect(await valuesOf(scatter(), x, int64([-1]), float32([5]))).toEqual([10, 20, 5]);
  expect(await valuesOf(scatter(), x, int32([]), float32([]))).toEqual([10, 20, 30]);
});

test('it adds all updates of an element', async () => {
  const x = float32([10, 20, 30]);
  expect(
    await valuesOf(
      scatter(0, 'add'),
      x,
      batched(int32([1, 1, 2, 1]), 'n'),
      batched(float32([1, 2, 3, 4]), 'n'),
    ),
  ).toEqual([10, 27, 33]);
});

test('each index replaces the place along the axis, the other places stay', async () => {
  const x = float32([1, 2, 3, 4, 5, 6], [2, 3]);
  expect(await valuesOf(scatter(0), x, int32([1, 0, 1], [1, 3]), float32([7, 8, 9], [1, 3]))).toEqual([
    1, 8, 3, 7, 5, 9,
  ]);
  expect(
    await valuesOf(scatter(-1, 'add'), x, int32([2, 2, 0, 1], [2, 2]), float32([1, 2, 3, 4], [2, 2])),
  ).toEqual([1, 2, 6, 7, 9, 6]);
});

describe('gradients', () => {
  const onRows = fc.tuple(
    tensorsOf([2, 4]).map((x) => batched(x)),
    fc.constant(batched(int32([3, 0, 1, 2], [2, 2]))),
    tensorsOf([2, 2]).map((x) => batched(x)),
  );
  const named = fc.tuple(tensorsOf([3]), fc.constant(int64([1, 1, 0, 1])), tensorsOf([4]));
  testGradient('ScatterElements that replaces', scatter(1), onRows);
  testGradient('ScatterElements that adds', scatter(1, 'add'), onRows);
  testGradient('ScatterElements that adds to one element several times', scatter(0, 'add'), named);
  for (const reduction of ['none', 'add'] as const) {
    testGradient(
      `the gradient of ScatterElements with ${reduction}`,
      (b, data, indices, updates) => {
        const y = scatterElements(b, data, indices, updates, 1, reduction);
        return gradients(b, mul(b, y, mul(b, y, y)), [data, updates]);
      },
      onRows,
    );
  }
});

test('the result is like the data', () => {
  expect(shapeOf(scatter(1), ['float32', 'n', 9], ['int32', 'n', 'k'], ['float32', 'n', 'k'])).toEqual([
    'n',
    9,
  ]);
});

test('ScatterElements refuses indices and updates that do not fit, and other reductions', () => {
  expect(() => shapeOf(scatter(), ['float32', 3], ['float32', 2], ['float32', 2])).toThrow(
    "ScatterElements: 'input1' has dtype float32, expected int32 or int64",
  );
  expect(() => shapeOf(scatter(), ['float32', 3], ['int32', 2], ['float64', 2])).toThrow(
    "ScatterElements: 'input0' is float32 but 'input2' is float64",
  );
  expect(() => shapeOf(scatter(), ['float32', 3, 4], ['int32', 2, 3], ['float32', 2, 3])).toThrow(
    "ScatterElements: indices of shape [2, 3] do not fit 'input0' [3, 4] beside axis 0",
  );
  expect(() => shapeOf(scatter(), ['float32', 3], ['int32', 2], ['float32', 3])).toThrow(
    "ScatterElements: 'input2' has shape [3], expected [2] like the indices",
  );
  expect(() => shapeOf(scatter(1), ['float32', 3], ['int32', 2], ['float32', 2])).toThrow(
    'ScatterElements: axis 1 is outside rank 1',
  );
  expect(() =>
    shapeOf(
      (b, x, i, u) => b.add('ScatterElements', [x, i, u], { reduction: { string: 'mul' } }),
      ['float32', 3],
      ['int32', 2],
      ['float32', 2],
    ),
  ).toThrow("ScatterElements: reduction 'mul' is not supported, expected none or add");
});
