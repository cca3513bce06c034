import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flatten } from '../../src/index.js';
import { flattenOperator } from '../../src/operators/flatten.js';
import type { Build } from './support.js';
import { batched, counting, runGraph, shapeOf, tensorsOf, testDTypes, testGradient } from './support.js';

const at =
  (axis: number): Build =>
  (b, x) =>
    flatten(b, x, axis);

testDTypes(flattenOperator, (dtype) => [at(1), batched(counting(dtype, [2, 3, 2]))]);

test.each([0, 1, 2, 3])('Flatten at axis %i makes a matrix of any shape, symbolic or not', async (axis) => {
  const x = counting('float32', [2, 3, 2]);
  for (const input of [x, batched(x)]) {
    const [result] = await runGraph(at(axis), [input]);
    expect(result?.data).toEqual(x.data);
    expect(result?.shape).toHaveLength(2);
  }
});

test('Flatten takes the batch as rows unless told otherwise', () => {
  expect(shapeOf((b, x) => flatten(b, x), ['float32', 'batch', 28, 28])).toEqual(['batch', 784]);
});

test('Flatten refuses an axis beyond the rank', () => {
  expect(() => shapeOf(at(3), ['float32', 2, 3])).toThrow('Flatten: axis 3 is outside the rank of [2, 3]');
});

for (const axis of [0, 1, 2, 3]) {
  const inputs = tensorsOf([2, 3, 2]);
  testGradient(`Flatten at axis ${axis}`, at(axis), fc.tuple(inputs));
  testGradient(`Flatten of a batch at axis ${axis}`, at(axis), fc.tuple(inputs.map((x) => batched(x))));
}
