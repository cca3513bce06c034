import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float32, GraphBuilder, int64, mul, pad } from '../../src/index.js';
import { padOperator } from '../../src/operators/pad.js';
import type { Build } from './support.js';
import {
  batched,
  counting,
  runGraph,
  shapeOf,
  tensorsOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

const by =
  (begin: readonly number[], end: readonly number[], value?: number): Build =>
  (b, x) =>
    pad(b, x, begin, end, value);

testDTypes(padOperator, (dtype) => [by([0, 1], [0, 2]), batched(counting(dtype, [2, 3]))]);

test('Pad puts elements before and after each axis', async () => {
  const x = float32([1, 2, 3, 4], [2, 2]);
  expect(await valuesOf(by([0, 1], [1, 0]), x)).toEqual([0, 1, 2, 0, 3, 4, 0, 0, 0]);
  expect(await valuesOf(by([0, 0], [0, 1], -7), x)).toEqual([1, 2, -7, 3, 4, -7]);
});

test('negative counts take elements away, beside others that come', async () => {
  const x = counting('float32', [2, 3]);
  expect(await valuesOf(by([0, -1], [-1, 0]), x)).toEqual([2, 3]);
  expect(await valuesOf(by([0, -2], [1, 1], 9), x)).toEqual([3, 9, 6, 9, 9, 9]);
});

const counts = fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 4, maxLength: 4 });
testGradient(
  'Pad by any counts',
  (b, x, pads) => {
    const [top = 0, left = 0, bottom = 0, right = 0] = pads.shape.map((size) => Number(size) - 2);
    return mul(b, pad(b, x, [top, left], [bottom, right], 3), pad(b, x, [top, left], [bottom, right]));
  },
  // The counts travel as the sizes of a tensor, from 1 up.
  counts.chain((list) =>
    fc.tuple(
      tensorsOf([3, 3]),
      fc.constant(
        counting(
          'int32',
          list.map((count) => count + 2),
        ),
      ),
    ),
  ),
);
testGradient(
  'Pad of a batch',
  by([0, 1, 0], [0, -1, 2], 5),
  fc.tuple(tensorsOf([2, 3, 2]).map((x) => batched(x))),
);

test('Pad keeps a symbolic axis that gets nothing', async () => {
  expect(shapeOf(by([0, 1], [0, 2]), ['float32', 'batch', 3])).toEqual(['batch', 6]);
  const [result] = await runGraph(by([0, -3], [0, 0]), [batched(counting('float32', [2, 3]))]);
  expect(result?.shape).toEqual([2, 0]);
});

test('Pad refuses counts that do not fit, axes of their own and other modes', () => {
  expect(() => shapeOf(by([1], [0]), ['float32', 2, 2])).toThrow(
    "Pad: pads are [1, 0], expected 4 for 'input0' [2, 2]",
  );
  expect(() => shapeOf(by([1, 0], [0, 0]), ['float32', 'batch', 2])).toThrow(
    "Pad: 1 before and 0 after axis 0 do not fit 'input0' [batch, 2]",
  );
  expect(() => shapeOf(by([-1], [-2]), ['float32', 2])).toThrow(
    "Pad: -1 before and -2 after axis 0 do not fit 'input0' [2]",
  );
  expect(() => shapeOf(by([1], [1], 2), ['int64', 2])).toThrow(
    /^Pad: 'input0' is int64 but '.*' is float32$/,
  );
  const builder = new GraphBuilder('other');
  const x = builder.input('x', 'float32', [2]);
  const pads = builder.constant(int64([1, 1]));
  expect(() => builder.add('Pad', [x, pads], { mode: { string: 'reflect' } })).toThrow(
    "Pad: mode is 'reflect', expected 'constant'",
  );
  expect(() => builder.add('Pad', [x, pads, undefined, builder.constant(int64([0]))])).toThrow(
    'Pad: input 3 names axes, expected pads for all of them',
  );
  expect(() => builder.add('Pad', [x, builder.input('pads', 'int64', [2])])).toThrow(
    'Pad: input 1 must be a constant int64 tensor for its shape to be known',
  );
});
