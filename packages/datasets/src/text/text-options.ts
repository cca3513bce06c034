/** What a word of a document counts in a bag; see `vectorizeBag`. */
export type BagWeights = 'binary' | 'count' | 'tf-idf';

/** How a document becomes numbers. */
export type TextOptions = BagOptions | SequenceOptions;

/** As a bag of words: one number for each word of the vocabulary, most of them zero. */
export interface BagOptions {
  readonly kind: 'bag';
  /** Size of the vocabulary: the most frequent words of the training documents; fewer when they have fewer. */
  readonly words: number;
  readonly weights: BagWeights;
}

/** As a sequence of words: the number of each word, in the order of the text. */
export interface SequenceOptions {
  readonly kind: 'sequence';
  /** Size of the vocabulary, without the numbers for padding and for unknown words. */
  readonly words: number;
  /** Words that a document is cut or padded to. */
  readonly length: number;
}

const weightNames: readonly string[] = ['binary', 'count', 'tf-idf'] satisfies BagWeights[];

/** Far beyond any use, and small enough to count with. */
const mostWords = 1_000_000;
const longestSequence = 100_000;

const example = '{ "kind": "bag", "words": 10000, "weights": "binary" }';

/**
 * Checks options that may come from anywhere.
 *
 * @throws Error with one sentence when a value is missing or out of range.
 */
export function checkTextOptions(options: TextOptions): TextOptions {
  // Callers without types may give anything.
  const { kind, words, length, weights }: Readonly<Record<string, unknown>> = { ...options };
  if (kind !== 'bag' && kind !== 'sequence') {
    throw new Error(
      `text options: expected the kind "bag" or "sequence", found ${shown(kind)}; write, for example, ${example}.`,
    );
  }
  checkCount('words', words, mostWords);
  if (kind === 'sequence') {
    checkCount('length', length, longestSequence);
  } else if (typeof weights !== 'string' || !weightNames.includes(weights)) {
    throw new Error(
      `text options: expected "weights" of ${weightNames.join(', ')}, found ${shown(weights)}; change "weights".`,
    );
  }
  return options;
}

function checkCount(key: string, value: unknown, most: number): void {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most) return;
  throw new Error(
    `text options: expected "${key}" to be a whole number from 1 to ${most}, found ${shown(value)}; change "${key}".`,
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 64);
}
