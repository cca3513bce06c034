import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GemmOptions } from '../../src/index.js';
import { float32, gemm } from '../../src/index.js';
import { gemmOperator } from '../../src/operators/gemm.js';
import type { Build } from './support.js';
import { batched, counting, shapeOf, tensorsOf, testDTypes, testGradient, valuesOf } from './support.js';

const product =
  (options: GemmOptions = {}): Build =>
  (b, x, y, c) =>
    gemm(b, x, y, c, options);

testDTypes(gemmOperator, (dtype) => [
  product(),
  batched(counting(dtype, [2, 3])),
  counting(dtype, [3, 4]),
  counting(dtype, [4]),
]);

const a = float32([1, 2, 3, 4, 5, 6], [2, 3]);
const b = float32([1, 0, 0, 1, 1, 1], [3, 2]);

test('Gemm multiplies matrices, scales and adds', async () => {
  expect(await valuesOf(product(), a, b)).toEqual([4, 5, 10, 11]);
  expect(await valuesOf(product({ alpha: 2, beta: 3 }), a, b, float32([1, 10]))).toEqual([11, 40, 23, 52]);
  expect(await valuesOf(product({ transA: true, transB: true }), b, a)).toEqual([4, 10, 5, 11]);
});

describe.each([false, true])('with transA %s', (transA) => {
  describe.each([false, true])('and transB %s', (transB) => {
    const shapes = [transA ? [3, 2] : [2, 3], transB ? [4, 3] : [3, 4]] as const;
    testGradient(
      'Gemm',
      product({ transA, transB, alpha: 0.5, beta: 2 }),
      fc
        .constantFrom([], [1], [4], [1, 4], [2, 1], [1, 1], [2, 4])
        .chain((shapeOfC) => fc.tuple(tensorsOf(shapes[0]), tensorsOf(shapes[1]), tensorsOf(shapeOfC))),
    );
    testGradient('Gemm without c', product({ transA, transB }), fc.tuple(...shapes.map((s) => tensorsOf(s))));
  });
});
testGradient(
  'Gemm of a batch',
  product(),
  fc.tuple(
    tensorsOf([2, 3]).map((x) => batched(x)),
    tensorsOf([3, 4]),
    tensorsOf([4]),
  ),
);

describe('malformed', () => {
  test('sizes that do not multiply are named, with what was transposed', () => {
    expect(() => shapeOf(product(), ['float32', 'batch', 3], ['float32', 4, 2])).toThrow(
      'Gemm: [batch, 3] and [4, 2] do not multiply',
    );
    expect(() => shapeOf(product({ transB: true }), ['float32', 2, 3], ['float32', 3, 2])).toThrow(
      'Gemm: [2, 3] and [3, 2] transposed do not multiply',
    );
  });

  test('c must broadcast to the product', () => {
    expect(() => shapeOf(product(), ['float32', 2, 3], ['float32', 3, 4], ['float32', 3])).toThrow(
      'Gemm: shapes [2, 4] and [3] do not broadcast',
    );
    expect(() => shapeOf(product(), ['float32', 2, 3], ['float32', 3, 4], ['float32', 5, 2, 4])).toThrow(
      "Gemm: 'input2' of shape [5, 2, 4] does not broadcast to [2, 4]",
    );
  });

  test('ranks and dtypes must fit', () => {
    expect(() => shapeOf(product(), ['float32', 2, 3, 4], ['float32', 4, 5])).toThrow(
      "Gemm: 'input0' has shape [2, 3, 4], expected rank 2",
    );
    expect(() => shapeOf(product(), ['float32', 2, 3], ['float64', 3, 4])).toThrow(
      "Gemm: 'input0' is float32 but 'input1' is float64",
    );
  });
});
