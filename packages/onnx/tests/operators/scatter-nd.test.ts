import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScatterReduction } from '../../src/index.js';
import { float32, gradients, int64, mul, scatterND } from '../../src/index.js';
import { scatterNDOperator } from '../../src/operators/scatter-nd.js';
import type { Build } from './support.js';
import { batched, counting, shapeOf, tensorsOf, testDTypes, testGradient, valuesOf } from './support.js';

const scatter =
  (reduction?: ScatterReduction): Build =>
  (b, data, indices, updates) =>
    scatterND(b, data, indices, updates, reduction);

testDTypes(scatterNDOperator, (dtype) => [
  scatter(),
  counting(dtype, [3, 2]),
  int64([2, 0], [2, 1]),
  counting(dtype, [2, 2]),
]);

const rows = float32([1, 2, 3, 4, 5, 6], [3, 2]);

test('ScatterND replaces the slices that the indices name', async () => {
  expect(await valuesOf(scatter(), rows, int64([2, 0], [2, 1]), float32([7, 8, 9, 10], [2, 2]))).toEqual([
    9, 10, 3, 4, 7, 8,
  ]);
  expect(await valuesOf(scatter(), rows, int64([], [0, 1]), float32([], [0, 2]))).toEqual([1, 2, 3, 4, 5, 6]);
});

test('it adds to them', async () => {
  const updates = batched(float32([10, 20, 30, 40], [2, 2]), 'n');
  expect(await valuesOf(scatter('add'), rows, batched(int64([2, 0], [2, 1]), 'n'), updates)).toEqual([
    31, 42, 3, 4, 15, 26,
  ]);
});

describe('gradients', () => {
  const onRows = fc.tuple(
    tensorsOf([3, 2]),
    fc.constant(batched(int64([2, 0], [2, 1]))),
    tensorsOf([2, 2]).map((x) => batched(x)),
  );
  for (const reduction of ['none', 'add'] as const) {
    testGradient(`ScatterND with ${reduction}`, scatter(reduction), onRows);
    testGradient(
      `the gradient of ScatterND with ${reduction}`,
      (b, data, indices, updates) => {
        const y = scatterND(b, data, indices, updates, reduction);
        return gradients(b, mul(b, y, mul(b, y, y)), [data, updates]);
      },
      onRows,
    );
  }
});

test('ScatterND refuses indices and updates that do not fit, and other reductions', () => {
  const shape = (...inputs: Parameters<typeof shapeOf> extends [unknown, ...infer R] ? R : never) =>
    shapeOf(scatter(), ...inputs);
  expect(shape(['float32', 9, 'h'], ['int64', 'k', 1], ['float32', 'k', 'h'])).toEqual([9, 'h']);
  expect(() => shape(['float32', 3, 2], ['int32', 2, 1], ['float32', 2, 2])).toThrow(
    "ScatterND: 'input1' has dtype int32, expected int64",
  );
  expect(() => shape(['float32', 3, 2], ['int64', 2, 2], ['float32', 2])).toThrow(
    "ScatterND: 'input1' has shape [2, 2], expected [n, 1], slices of the first axis",
  );
  expect(() => shape(['float32', 3, 2], ['int64', 2, 1], ['float32', 2, 3])).toThrow(
    "ScatterND: 'input2' has shape [2, 3], expected [2, 2] for slices of 'input0' [3, 2]",
  );
  expect(() => shape(['float32', 3, 2], ['int64', 2, 1], ['float64', 2, 2])).toThrow(
    "ScatterND: 'input0' is float32 but 'input2' is float64",
  );
  const largest: Build = (b, x, i, u) =>
    b.add('ScatterND', [x, i, u], { reduction: { string: 'max' } })[0] ?? x;
  expect(() => shapeOf(largest, ['float32', 3, 2], ['int64', 2, 1], ['float32', 2, 2])).toThrow(
    "ScatterND: reduction 'max' is not supported, expected none or add",
  );
});
