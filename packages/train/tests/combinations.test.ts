import { expect, test } from 'vitest';
import { combinations } from '../src/combinations.js';

test('every combination is there once, the last list changing fastest', () => {
  expect(combinations({ a: [1, 2], b: ['x', 'y'] }, 'here')).toEqual([
    { a: 1, b: 'x' },
    { a: 1, b: 'y' },
    { a: 2, b: 'x' },
    { a: 2, b: 'y' },
  ]);
});

test('more than can be drawn from are refused before any is made', () => {
  const long = Array.from({ length: 1000 }, (_, index) => index);
  expect(() => combinations({ a: long, b: long, c: long }, 'here')).toThrow(/^here: there are 1000000000 /);
});
