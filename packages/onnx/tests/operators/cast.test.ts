import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cast, float32 } from '../../src/index.js';
import { elementTypeOf } from '../../src/model/element-type.js';
import { castOperator } from '../../src/operators/cast.js';
import {
  anyShape,
  batched,
  counting,
  shapeOf,
  tensorsOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

// Where JavaScript has float16 arrays (Node.js 24), the runtime's binding does not take float16 tensors in or out.
const dtypes = castOperator.dtypes.filter((dtype) => dtype !== 'float16' || !('Float16Array' in globalThis));

testDTypes({ ...castOperator, dtypes }, (dtype) => [
  (b, x) => cast(b, x, 'float32'),
  batched(counting(dtype, [2, 3])),
]);

test('Cast to float16 and back rounds to 11 bits', async () => {
  const there = float32([1, 1.0004, 2049, -0.1]);
  expect(await valuesOf((b, x) => cast(b, cast(b, x, 'float16'), 'float32'), there)).toEqual([
    1, 1, 2048, -0.0999755859375,
  ]);
});

test.each(dtypes)('Cast from float32 to %s keeps the shape', async (dtype) => {
  const result = await valuesOf((b, x) => cast(b, x, dtype), float32([1, 0, 1, 1], [2, 2]));
  expect(result).toEqual(dtype === 'float16' ? [0x3c00, 0, 0x3c00, 0x3c00] : [1, 0, 1, 1]);
});

test('Cast to a whole number drops the fraction', async () => {
  expect(await valuesOf((b, x) => cast(b, x, 'int32'), float32([1.9, -1.9]))).toEqual([1, -1]);
});

testGradient(
  'Cast',
  (b, x) => cast(b, x, 'float64'),
  anyShape.chain((shape) => fc.tuple(tensorsOf(shape))),
);

test('every dtype has a number of its own in the ONNX specification', () => {
  const numbers = Object.values(elementTypeOf);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('Cast refuses a data type that is not known', () => {
  expect(() => shapeOf((b, x) => b.add('Cast', [x], { to: { int: 8 } }), ['float32', 2])).toThrow(
    'Cast: data type 8 is not supported',
  );
});
