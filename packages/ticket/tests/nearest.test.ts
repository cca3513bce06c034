import { describe, expect, it } from 'vitest';
import { nearest, suggestion } from '../src/index.js';

describe('the nearest word', () => {
  it('is the one with the fewest edits, whatever the case', () => {
    expect(nearest('Adm', ['sgd', 'momentum', 'adam'])).toBe('adam');
    expect(nearest('iterations', ['iteration', 'interactions'])).toBe('iteration');
  });

  it('is none when more than half would have to change', () => {
    expect(nearest('colour', ['kind', 'units'])).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });

  it('is suggested, or else everything known is listed', () => {
    expect(suggestion('unit', ['kind', 'units'])).toBe("; did you mean 'units'?");
    expect(suggestion('colour', ['kind', 'units'])).toBe('; known are kind, units');
  });
});
