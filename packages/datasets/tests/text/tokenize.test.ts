import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenize } from '../../src/index.js';

describe('the words of a text', () => {
  it.each([
    ['BAHIA COCOA  REVIEW\n', 'bahia cocoa review'],
    ['Shr 1,034.5 cts vs 34', 'shr 0 cts vs 0'],
    ['4th qtr, the 1980s, M3 and 5p', '4th qtr the 1980s m3 and 5p'],
    ["U.S. company's +Bahia superior+", 'u s company s bahia superior'],
    ['1.2.3,4.', '0'],
    ['10-3/4 pct', '0 0 0 pct'],
    ['1.5mln', '0 5mln'],
    ['Müller Ærø ΩΣ', 'müller ærø ως'],
    ['Reuter\n\u0003', 'reuter'],
    ['&<>#;', ''],
    ['', ''],
  ])('of %j are %j', (text, words) => {
    expect(tokenize(text).join(' ')).toBe(words);
  });

  it('are the same read again, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const words = tokenize(text);
        expect(tokenize(words.join(' '))).toEqual(words);
        for (const word of words) expect(word).toMatch(/^[\p{L}\p{N}]+$/u);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('do not take time that grows faster than the text', () => {
    // With a quadratic expression this would take hours.
    const digits = '1,'.repeat(500_000);
    expect(tokenize(`${digits}x ${'7'.repeat(1_000_000)}x`)).toHaveLength(3);
  });
});
