import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp, float32, GraphBuilder, mul, slice } from '../../src/index.js';
import { sliceOperator } from '../../src/operators/slice.js';
import type { Build } from './support.js';
import { at, batched, counting, shapeOf, tensorsOf, testDTypes, testGradient, valuesOf } from './support.js';

type Lists = [starts: number[], ends: number[], axes?: number[], steps?: number[]];

const by =
  (...lists: Lists): Build =>
  (b, x) =>
    slice(b, x, ...lists);

testDTypes(sliceOperator, (dtype) => [by([1], [3], [1]), batched(counting(dtype, [2, 3]))]);

test('Slice takes a part of each axis', async () => {
  const x = counting('float32', [3, 4]);
  expect(await valuesOf(by([1, 1], [3, 3]), x)).toEqual([6, 7, 10, 11]);
  expect(await valuesOf(by([0], [4], [1], [2]), x)).toEqual([1, 3, 5, 7, 9, 11]);
  expect(await valuesOf(by([-1], [-5], [-1], [-3]), x)).toEqual([4, 1, 8, 5, 12, 9]);
});

const bounds = fc.integer({ min: -7, max: 7 });
const cuts = fc.tuple(bounds, bounds, fc.constantFrom(-3, -2, -1, 1, 2, 3));

test('bounds are those of the runtime: from the end where negative, moved to it where outside', async () => {
  await fc.assert(
    fc.asyncProperty(cuts, cuts, async (first, second) => {
      const lists = [0, 1, 2].map((list) => [at(first, list), at(second, list)]);
      const [starts = [], ends = [], steps = []] = lists;
      // The runtime's shape is compared with the inferred one.
      await valuesOf(by(starts, ends, [1, 0], steps), counting('float32', [4, 5]));
    }),
    { seed: 1, numRuns: 60 },
  );
});

for (const [title, ...lists] of [
  ['of a part', [1, 0], [3, 2]],
  ['in steps', [0, 1], [4, 5], [0, 1], [2, 3]],
  ['in steps that end within the value', [0], [3], [1], [2]],
  ['backwards', [-1], [-9], [1], [-1]],
  ['backwards in steps', [3, -2], [-9, 0], [0, -1], [-2, -3]],
  ['of a single element', [2], [3], [0], [2]],
  ['of nothing', [2], [2], [1]],
  ['of everything', [0], [99], [1]],
] as [string, ...Lists][]) {
  testGradient(
    `Slice ${title}`,
    (b, x) => mul(b, exp(b, slice(b, x, ...lists)), slice(b, x, ...lists)),
    fc.tuple(tensorsOf([4, 5])),
  );
}
testGradient(
  'Slice of a batch in steps',
  by([1, 0], [4, 3], [1, 2], [2, 2]),
  fc.tuple(tensorsOf([2, 4, 3]).map((x) => batched(x))),
);

test('Slice keeps the axes beside it, symbolic ones too', () => {
  expect(shapeOf(by([1], [3], [-1]), ['float32', 'batch', 4])).toEqual(['batch', 2]);
});

test('Slice refuses lists that do not fit each other, symbolic axes and steps of 0', () => {
  expect(() => shapeOf(by([0, 0], [1], [0]), ['float32', 2, 2])).toThrow(
    'Slice: starts [0, 0], ends [1], axes [0] and steps [1, 1], expected one of each per axis',
  );
  expect(() => shapeOf(by([0, 0], [1, 1], [1, -1]), ['float32', 2, 2])).toThrow(
    'Slice: starts [0, 0], ends [1, 1], axes [1, -1] and steps [1, 1], expected one of each per axis',
  );
  expect(() => shapeOf(by([0], [1]), ['float32', 'batch', 2])).toThrow(
    "Slice: axis 0 of 'input0' [batch, 2] in steps of 1, expected a known size and a step other than 0",
  );
  expect(() => shapeOf(by([0], [1], [1], [0]), ['float32', 2, 2])).toThrow(
    "Slice: axis 1 of 'input0' [2, 2] in steps of 0, expected a known size and a step other than 0",
  );
  expect(() => shapeOf(by([0], [1], [2]), ['float32', 2, 2])).toThrow('Slice: axis 2 is outside rank 2');
  const builder = new GraphBuilder('dynamic');
  const x = builder.input('x', 'float32', [2]);
  expect(() => builder.add('Slice', [x, builder.input('starts', 'int64', [1])])).toThrow(
    'Slice: input 1 must be a constant int64 tensor for its shape to be known',
  );
});

test('an axis of nothing stays one', async () => {
  expect(await valuesOf(by([0], [1]), float32([], [0, 2]))).toEqual([]);
});
