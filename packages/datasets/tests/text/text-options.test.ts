import { describe, expect, it } from 'vitest';
import { checkTextOptions, type TextOptions } from '../../src/text/text-options.js';
import { messageOf } from '../support/sentence.js';

async function refusal(options: unknown): Promise<string> {
  return await messageOf(() => checkTextOptions(options as TextOptions));
}

describe('options for text', () => {
  it.each<TextOptions>([
    { kind: 'bag', words: 1, weights: 'binary' },
    { kind: 'bag', words: 10_000, weights: 'tf-idf' },
    { kind: 'sequence', words: 10_000, length: 200 },
  ])('such as $kind of $words words are taken', (options) => {
    expect(checkTextOptions(options)).toBe(options);
  });

  it.each([
    [null, 'expected the kind "bag" or "sequence", found nothing'],
    [{ kind: 'words' }, 'expected the kind "bag" or "sequence", found "words"'],
    [
      { kind: 'bag', weights: 'count' },
      'expected "words" to be a whole number from 1 to 1000000, found nothing',
    ],
    [
      { kind: 'bag', words: 10, weights: 'tfidf' },
      'expected "weights" of binary, count, tf-idf, found "tfidf"',
    ],
    [{ kind: 'bag', words: 2.5, weights: 'count' }, 'found 2.5'],
    [{ kind: 'bag', words: '10', weights: 'count' }, 'found "10"'],
    [
      { kind: 'sequence', words: 10 },
      'expected "length" to be a whole number from 1 to 100000, found nothing',
    ],
    [{ kind: 'sequence', words: 10, length: 0 }, 'found 0'],
    [{ kind: 'sequence', words: 1e9, length: 5 }, 'found 1000000000'],
  ])('such as %o are refused', async (options, sentence) => {
    expect(await refusal(options)).toContain(sentence);
  });
});
