import type { Vocabulary } from './vocabulary.js';

/**
 * What the numbers before the first word of a sequence stand for: 0 for padding, 1 for a word that the vocabulary does
 * not have. No text has these words, since they are not of letters and digits.
 */
export const reservedWords: readonly string[] = ['[padding]', '[unknown]'];

const unknownWord = 1;

/**
 * A document as a sequence, `[length]`: the number of each word in the order of the text, as it is in the vocabulary and
 * 2 more (see {@link reservedWords}). A longer document is cut after `length` words, since news says the most first; a
 * shorter one has zeros behind it.
 */
export function vectorizeSequence(
  tokens: readonly string[],
  { numbers }: Vocabulary,
  length: number,
): Int32Array {
  const sequence = new Int32Array(length);
  tokens.slice(0, length).forEach((token, place) => {
    const number = numbers.get(token);
    sequence[place] = number === undefined ? unknownWord : reservedWords.length + number;
  });
  return sequence;
}
