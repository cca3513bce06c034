import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dimension } from '../../src/index.js';
import { mul, reshape } from '../../src/index.js';
import { reshapeOperator } from '../../src/operators/reshape.js';
import type { Build } from './support.js';
import { batched, counting, runGraph, shapeOf, tensorsOf, testDTypes, testGradient } from './support.js';

const to =
  (...target: Dimension[]): Build =>
  (b, x) =>
    reshape(b, x, target);

testDTypes(reshapeOperator, (dtype) => [to(3, 2), counting(dtype, [2, 3])]);

test.each([[[6]], [[3, 2]], [[-1]], [[2, -1, 1]], [[0, 3]], [[0, -1, 1]], [[1, 1, 0, 2]]])(
  "Reshape of [2, 3, 1] or such to %j: same elements, the runtime's shape",
  async (target) => {
    const x = counting('float32', target.length === 4 ? [1, 2, 3] : [2, 3]);
    const [result] = await runGraph(to(...target), [x]);
    expect(result?.data).toEqual(x.data);
  },
);

test.each<{ target: Dimension[]; shape: Dimension[] }>([
  { target: ['batch', 2, 3], shape: ['batch', 2, 3] },
  { target: [-1, 3, 2], shape: ['batch', 3, 2] },
  { target: [0, 6, 1], shape: ['batch', 6, 1] },
  { target: [0, -1, 2], shape: ['batch', 3, 2] },
  { target: [6, 'batch'], shape: [6, 'batch'] },
])('a symbolic batch reshapes to $target', async ({ target, shape }) => {
  expect(shapeOf(to(...target), ['float32', 'batch', 6])).toEqual(shape);
  const [result] = await runGraph(to(...target), [batched(counting('float32', [2, 6]))]);
  expect(result?.data).toHaveLength(12);
});

test('two symbolic sizes keep their places', async () => {
  expect(shapeOf(to('a', 'b', 1), ['float32', 'a', 'b'])).toEqual(['a', 'b', 1]);
  const x = counting('float32', [2, 3]);
  const [result] = await runGraph(to('a', 'b', 1), [{ tensor: x, declared: ['a', 'b'] }]);
  expect(result?.shape).toEqual([2, 3, 1]);
});

test('symbolic sizes multiply, and their product falls apart again', () => {
  expect(shapeOf(to(-1), ['float32', 'a', 'b', 3])).toEqual(['a*b*3']);
  expect(shapeOf(to(-1, 3), ['float32', 'a*b*3'])).toEqual(['a*b', 3]);
  expect(shapeOf(to(-1, 4), ['float32', 'a', 12])).toEqual(['a*3', 4]);
});

testGradient('Reshape', to(3, 2), fc.tuple(tensorsOf([2, 3])));
testGradient(
  'Reshape of a batch',
  (b, x) => mul(b, reshape(b, x, [-1, 3, 1]), reshape(b, x, ['batch', 1, 3])),
  fc.tuple(tensorsOf([2, 3]).map((x) => batched(x))),
);

describe('malformed', () => {
  test.each([
    { from: [2, 3], target: [4, 2] },
    { from: [2, 3], target: [4, -1] },
    { from: [2, 3], target: [-1, -1] },
    { from: [2, 3], target: [2, 3, 0] },
    { from: ['batch', 3], target: [2, 3] },
    { from: ['batch', 3], target: [-1, 4] },
    { from: ['a', 'b'], target: [2] },
    { from: ['a'], target: [2] },
  ])('$from does not become $target, and the error names both', ({ from, target }) => {
    expect(() => shapeOf(to(...target), ['float32', ...from])).toThrow(
      `Reshape: [${from.join(', ')}] does not reshape to [${target.join(', ')}]`,
    );
  });
});
