import { expect, test } from 'vitest';
import { not } from '../../src/index.js';
import { notOperator } from '../../src/operators/not.js';
import { bool, shapeOf, testDTypes, valuesOf } from './support.js';

testDTypes(notOperator, () => [not, bool([true, false, true, true], [2, 2])]);

test('Not turns true into false', async () => {
  expect(await valuesOf(not, bool([true, false]))).toEqual([0, 1]);
});

test('Not refuses what is not bool', () => {
  expect(() => shapeOf(not, ['int32', 2])).toThrow("Not: 'input0' has dtype int32, expected bool");
});
