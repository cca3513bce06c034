import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DType } from '../src/index.js';
import {
  byteLength,
  bytesPerElement,
  float32,
  int64,
  isDType,
  numbersOf,
  scalarValue,
  sizeOf,
  tensor,
  zeros,
} from '../src/index.js';

const dtypes = Object.keys(bytesPerElement) as DType[];

test.each(dtypes)('zeros of %s fill any shape and take their bytes', (dtype) => {
  fc.assert(
    fc.property(fc.array(fc.nat(4), { maxLength: 4 }), (shape) => {
      const t = zeros(dtype, shape);
      expect(t.data).toHaveLength(sizeOf(shape));
      expect(byteLength(t)).toBe(sizeOf(shape) * bytesPerElement[dtype]);
      expect(numbersOf(t).every((value) => value === 0)).toBe(true);
    }),
    { seed: 1, numRuns: 20 },
  );
});

test('a scalar has shape [] and one element', () => {
  expect(sizeOf([])).toBe(1);
  expect(scalarValue(float32([2.5], []))).toBe(2.5);
  expect(scalarValue(int64([7]))).toBe(7);
  expect(() => scalarValue(float32([1, 2]))).toThrow(new RangeError('expected one element, found shape [2]'));
});

test('a tensor needs as many elements as its shape has, and does not copy them', () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect(tensor('float32', [2, 3], data).data).toBe(data);
  expect(() => tensor('float32', [2, 2], data)).toThrow(
    new RangeError('a tensor of shape [2, 2] holds 4 elements, found 6'),
  );
  expect(() => tensor('float32', [0], data)).toThrow(RangeError);
});

test('numbers come out as they went in', () => {
  expect(numbersOf(int64([1, -2, Number.MAX_SAFE_INTEGER]))).toEqual([1, -2, Number.MAX_SAFE_INTEGER]);
  expect(numbersOf(float32([1, -0.5], [2, 1]))).toEqual([1, -0.5]);
});

test('a tensor knows its dtype', () => {
  expect(isDType(int64([1]), 'int64')).toBe(true);
  expect(isDType(int64([1]), 'int32')).toBe(false);
});
