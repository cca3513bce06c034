/** Which words have a number, and how common they were where the vocabulary comes from. */
export interface Vocabulary {
  /** By number, from 0. */
  readonly words: readonly string[];
  /** The number of each word. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Natural-logarithm inverse document frequency of each word, by number; see {@link buildVocabulary}. */
  readonly inverseDocumentFrequencies: Float64Array;
}

/**
 * The `size` most frequent words of some documents, most frequent first and equally frequent ones in the order of their
 * code units. All occurrences count, also those within one document.
 *
 * The inverse document frequency of a word that stands in `d` of `n` documents is `ln((1 + n) / (1 + d)) + 1`, the
 * smooth form of scikit-learn: that of one more document with every word, so that none is zero.
 *
 * @param documents the words of each document.
 */
export function buildVocabulary(documents: readonly (readonly string[])[], size: number): Vocabulary {
  const counts = new Map<string, { occurrences: number; documents: number; last: number }>();
  documents.forEach((tokens, index) => {
    for (const token of tokens) {
      let count = counts.get(token);
      if (!count) counts.set(token, (count = { occurrences: 0, documents: 0, last: -1 }));
      count.occurrences++;
      if (count.last === index) continue;
      count.last = index;
      count.documents++;
    }
  });
  const chosen = [...counts]
    .sort(([a, some], [b, others]) => others.occurrences - some.occurrences || (a < b ? -1 : 1))
    .slice(0, size);
  return vocabularyOf(
    chosen.map(([word]) => word),
    Float64Array.from(
      chosen,
      ([, { documents: having }]) => Math.log((1 + documents.length) / (1 + having)) + 1,
    ),
  );
}

/** A vocabulary from what was kept of it. */
export function vocabularyOf(
  words: readonly string[],
  inverseDocumentFrequencies: Float64Array = new Float64Array(words.length).fill(1),
): Vocabulary {
  return {
    words,
    numbers: new Map(words.map((word, number) => [word, number])),
    inverseDocumentFrequencies,
  };
}
