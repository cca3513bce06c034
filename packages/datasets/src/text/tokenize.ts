/** A number, with its decimals and thousands (`1,234.50`), but not the digits of `4th`; or else letters and digits. */
const wordOrNumber = /\p{N}+(?:[.,]\p{N}+)*(?![\p{L}\p{N}])|[\p{L}\p{N}]+/gu;
const startsWithDigit = /^\p{N}/u;
const hasLetter = /\p{L}/u;

/** What every number is read as. */
const anyNumber = '0';

/**
 * The words of a text, in order: runs of letters and digits, in lower case. Every number counts as the one word `0`,
 * whatever its value, so that amounts and dates don't fill the vocabulary: `Shr 1,034.5 cts vs 34` has the words
 * `shr 0 cts vs 0`. Words with a digit in them stay (`4th`, `m3`); everything else separates (`U.S.` has the words
 * `u s`). No word is left out for being short or common: a network learns what it needs.
 *
 * The time is linear in the text's length, whatever the text.
 */
export function tokenize(text: string): string[] {
  const tokens: string[] = text.toLowerCase().match(wordOrNumber) ?? [];
  return tokens.map((token) => (startsWithDigit.test(token) && !hasLetter.test(token) ? anyNumber : token));
}
