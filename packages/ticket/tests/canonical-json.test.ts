import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../src/index.js';

describe('canonical JSON', () => {
  it('sorts keys at every depth and has no spaces', () => {
    expect(canonicalJson({ b: [1, { z: null, a: 'x' }], a: true })).toBe(
      '{"a":true,"b":[1,{"a":"x","z":null}]}',
    );
  });

  it('leaves undefined properties out', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it('means the same value, and is its own canonical form', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('refuses what JSON would change in silence, naming the place', () => {
    expect(() => canonicalJson({ a: [{ loss: NaN }] })).toThrow("JSON cannot hold 'a[0].loss': found NaN");
    expect(() => canonicalJson([undefined])).toThrow("'[0]': found undefined");
    expect(() => canonicalJson(undefined)).toThrow('the value: found undefined');
    expect(() => canonicalJson({ at: new Date(0) })).toThrow("'at': found a value of type object");
  });
});
