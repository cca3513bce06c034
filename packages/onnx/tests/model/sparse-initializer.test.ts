import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SparseInitializer } from '../../src/graph.js';
import { sparseFromProto, sparseProblem, sparseToProto } from '../../src/model/sparse-initializer.js';
import { tensorToProto } from '../../src/model/tensor-proto.js';
import type { WriteMessage } from '../../src/schema.js';
import { decodeMessage, encodeMessage } from '../../src/schema.js';
import { float32, int64 } from '../../src/tensor.js';

const weight: SparseInitializer = {
  name: 'w',
  dtype: 'float32',
  shape: [2, 3],
  values: float32([1, 2]),
  indices: int64([0, 5]),
};

function read(proto: WriteMessage<'SparseTensorProto'>): SparseInitializer {
  const message = decodeMessage('SparseTensorProto', encodeMessage('SparseTensorProto', proto));
  return sparseFromProto(message, 'a.onnx');
}

describe('sparseProblem', () => {
  test('finds nothing wrong with ascending indices below the size', () => {
    expect(sparseProblem(weight)).toBeUndefined();
  });

  test.each([
    ['values of another dtype', { dtype: 'int32' }, 'is int32, but its values are float32'],
    ['fewer indices than values', { indices: int64([0]) }, 'has 2 values, but 1 indices'],
    [
      'values with two axes',
      { values: float32([1, 2], [1, 2]) },
      'has values of shape [1, 2], expected one axis',
    ],
    ['a shape beyond counting', { shape: [2 ** 40, 2 ** 40] }, /more elements than can be counted$/],
    ['an index that repeats', { indices: int64([5, 5]) }, /^has 5 as index 1: indices ascend strictly/],
    ['an index that descends', { indices: int64([3, 2]) }, /^has 2 as index 1/],
    ['an index at the size', { indices: int64([0, 6]) }, /^has 6 as index 1.*stay below 6$/],
    ['an index below zero', { indices: int64([-1, 2]) }, /^has -1 as index 0/],
  ] as const)('names %s', (_, parts, problem) => {
    expect(sparseProblem({ ...weight, ...parts })).toMatch(problem);
  });
});

describe('reading', () => {
  test('an index per axis and the linear index of row-major order are the same', () => {
    const cases = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
      .chain((shape) => fc.tuple(fc.constant(shape), fc.subarray(positions(shape))));
    fc.assert(
      fc.property(cases, ([shape, chosen]) => {
        const values = tensorToProto(float32(chosen.map(({ linear }) => linear)), 'w');
        const indices = int64(
          chosen.flatMap(({ axes }) => axes),
          [chosen.length, shape.length],
        );
        const sparse = read({ values, indices: tensorToProto(indices), dims: shape });
        expect([...sparse.indices.data].map(Number)).toEqual(chosen.map(({ linear }) => linear));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('what is wrong is told with the name', () => {
    expect(() => read({ ...sparseToProto(weight), dims: [2] })).toThrow(
      /^a\.onnx: sparse initializer 'w' has 5 as/,
    );
    const { values, indices, dims } = { ...sparseToProto(weight) };
    expect(() => read({ ...(values && { values }), dims: dims ?? [] })).toThrow(
      "a.onnx: sparse initializer 'w' has no indices",
    );
    expect(() => read({ ...(indices && { indices }) })).toThrow('a.onnx: a sparse initializer has no values');
    expect(() => read({ ...sparseToProto(weight), indices: tensorToProto(float32([1, 2])) })).toThrow(
      "a.onnx: sparse initializer 'w' has float32 indices, expected int64",
    );
  });

  test('an index outside its axis is refused, though the linear one would lie inside', () => {
    const indices = tensorToProto(int64([0, 4, 1, 1], [2, 2]));
    expect(() => read({ ...sparseToProto(weight), indices })).toThrow(
      "a.onnx: sparse initializer 'w': value 0 has index 4 on axis 1, whose size is 3",
    );
    const narrow = tensorToProto(int64([0, 1], [2, 1]));
    expect(() => read({ ...sparseToProto(weight), indices: narrow })).toThrow(
      'has 1 indices per value, expected 2',
    );
  });
});

/** Every position of a shape: its index per axis and its linear one. */
function positions(shape: readonly number[]): { axes: number[]; linear: number }[] {
  const all = shape.reduce<number[][]>(
    (rows, size) => rows.flatMap((row) => Array.from({ length: size }, (_, index) => [...row, index])),
    [[]],
  );
  return all.map((axes, linear) => ({ axes, linear }));
}
