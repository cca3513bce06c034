import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedKey } from '../src/repeated-key.js';

describe('a repeated key', () => {
  it('is found at any depth and under any spelling', () => {
    expect(repeatedKey('{"a":1,"a":2}')).toBe('a');
    expect(repeatedKey('[{"x":{"b":1, "c":[], "\\u0062" :2}}]')).toBe('b');
  });

  it('is not seen in other objects, in values, or in text that looks like JSON', () => {
    expect(
      repeatedKey('{"a":{"a":"a"},"b":["a","a",{"a":1},{"a":1}],"c":"{\\"a\\":1,\\"a\\":2}"}'),
    ).toBeUndefined();
  });

  it('is never found in what JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(repeatedKey(JSON.stringify(value))).toBeUndefined();
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
