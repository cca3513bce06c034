import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float32, matMul } from '../../src/index.js';
import { matMulOperator } from '../../src/operators/matmul.js';
import { batched, counting, shapeOf, tensorsOf, testDTypes, testGradient, valuesOf } from './support.js';

testDTypes(matMulOperator, (dtype) => [matMul, batched(counting(dtype, [2, 3])), counting(dtype, [3, 4])]);

test('MatMul multiplies the last two axes, the others broadcast', async () => {
  const a = float32([1, 2, 3, 4], [2, 2]);
  expect(await valuesOf(matMul, a, float32([0, 1, 1, 0], [2, 2]))).toEqual([2, 1, 4, 3]);
  expect(await valuesOf(matMul, a, float32([1, 0, 0, 1, 2, 0, 0, 2], [2, 2, 2]))).toEqual([
    1, 2, 3, 4, 2, 4, 6, 8,
  ]);
});

test.each([
  [
    [2, 3],
    [3, 4],
  ],
  [
    [5, 2, 3],
    [3, 4],
  ],
  [
    [2, 3],
    [5, 3, 4],
  ],
  [
    [5, 1, 2, 3],
    [2, 3, 4],
  ],
])("the shape of %j times %j is the runtime's", async (a, b) => {
  const result = await valuesOf(matMul, counting('float32', a), counting('float32', b));
  expect(result.every((value) => value > 0)).toBe(true);
});

testGradient('MatMul of matrices', matMul, fc.tuple(tensorsOf([2, 3]), tensorsOf([3, 2])));
testGradient('MatMul of stacks', matMul, fc.tuple(tensorsOf([2, 2, 3]), tensorsOf([2, 3, 2])));
testGradient('MatMul with a broadcast right side', matMul, fc.tuple(tensorsOf([2, 2, 3]), tensorsOf([3, 2])));
testGradient(
  'MatMul with a broadcast left side',
  matMul,
  fc.tuple(tensorsOf([1, 2, 3]), tensorsOf([2, 2, 3, 2])),
);
testGradient(
  'MatMul of a batch',
  matMul,
  fc.tuple(
    tensorsOf([2, 2, 3]).map((x) => batched(x)),
    tensorsOf([3, 2]),
  ),
);

test('MatMul refuses sizes that do not multiply, vectors and mixed dtypes', () => {
  expect(() => shapeOf(matMul, ['float32', 'batch', 3], ['float32', 4, 2])).toThrow(
    'MatMul: [batch, 3] and [4, 2] do not multiply',
  );
  expect(() => shapeOf(matMul, ['float32', 3], ['float32', 3, 2])).toThrow(
    'MatMul: [3] and [3, 2] do not multiply',
  );
  expect(() => shapeOf(matMul, ['float32', 5, 2, 3], ['float32', 4, 3, 2])).toThrow(
    'MatMul: shapes [5] and [4] do not broadcast',
  );
  expect(() => shapeOf(matMul, ['float32', 2, 2], ['float64', 2, 2])).toThrow(
    "MatMul: 'input0' is float32 but 'input1' is float64",
  );
});
