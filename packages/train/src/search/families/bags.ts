import type { BagOptions } from '@winning-tickets/datasets';
import { z } from 'zod';
import { choicesOf, wordChoices } from './choices.js';
import type { FamilyContext } from './family.js';

/** How text becomes bags of words: both lists for text, none for images. */
export const bagChoices = {
  words: wordChoices.exactOptional(),
  /** What a word counts in a bag. */
  weights: choicesOf(z.enum(['binary', 'count', 'tf-idf'])).exactOptional(),
};

interface BagLists {
  readonly words?: readonly number[];
  readonly weights?: readonly BagOptions['weights'][];
}

/**
 * Every way to read text as bags of words; the one entry `undefined` for images.
 *
 * @throws Error when text lacks one of the lists, or images have one.
 */
export function bagsOf(
  { words, weights }: BagLists,
  { dataset, where }: FamilyContext,
): readonly (BagOptions | undefined)[] {
  if (dataset.kind === 'images') {
    if (!words && !weights) return [undefined];
    throw new Error(
      `${where}: '${words ? 'words' : 'weights'}' is for text, but ${dataset.id} holds images: remove it`,
    );
  }
  if (words && weights) {
    return words.flatMap((count) =>
      weights.map((weight) => ({ kind: 'bag' as const, words: count, weights: weight })),
    );
  }
  throw new Error(
    `${where}: '${words ? 'weights' : 'words'}' is missing, but ${dataset.id} holds text: ` +
      `give ${words ? '"weights": ["binary", "tf-idf"]' : '"words": [10000]'}, for example`,
  );
}

/** The choice of a bag, as the lists of the search file call it. */
export function bagChoice(text: BagOptions | undefined) {
  return text ? { words: text.words, weights: text.weights } : {};
}
