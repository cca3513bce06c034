import type { DatasetDescription, TextCollection, TextDefinition } from '../dataset.js';
import { requiredDirectory } from '../required-directory.js';
import type { Articles } from './article.js';
import { byAllTopics, bySingleTopic } from './collections.js';
import { licence, sgmlSource } from './facts.js';
import { readSgmlArticles } from './sgml-articles.js';
import type { SgmlArticle } from './sgml.js';
import { r52Topics, r8Topics } from './topics.js';

interface Facts extends Pick<DatasetDescription, 'id' | 'title'> {
  readonly classes: number;
  /** As published, of the whole collection. */
  readonly samples: NonNullable<DatasetDescription['samples']>;
}

/** A set that takes the ModApte division's marks, and thus the original collection. */
function ofCollection(
  { id, title, classes, samples }: Facts,
  documentsOf: (articles: Articles<SgmlArticle>['articles']) => Omit<TextCollection, 'id' | 'checksum'>,
): TextDefinition {
  return {
    description: {
      id,
      title,
      kind: 'text',
      source: sgmlSource,
      licence,
      samples,
      inputShape: null,
      classes,
      bytes: null,
      bundled: false,
    },
    readTexts: async (directory) => {
      const folder = requiredDirectory(id, directory);
      const { checksum, articles } = await readSgmlArticles(folder);
      const documents = documentsOf(articles);
      const { train, test } = documents;
      if (train.length < 2 || (typeof test !== 'number' && test.length === 0)) {
        const found = `${train.length} and ${typeof test === 'number' ? test : test.length}`;
        throw new Error(
          `${folder}: expected at least 2 training documents and 1 test document of ${id}, found ${found}; add the collection's other files.`,
        );
      }
      return { id, checksum, ...documents, published: samples };
    },
  };
}

/**
 * ModApte with 90 topics: the articles on its two sides with all their topics, of those that both sides have; a document
 * has one topic or several. Topics are in the order of their names' code units.
 *
 * C. Apté, F. Damerau, S. M. Weiss, *Automated Learning of Decision Rules for Text Categorization*, ACM TOIS 12(3), 1994;
 * the division as the collection's README defines it. A folder with some of the files gives a part of it.
 */
export const modapte90 = ofCollection(
  {
    id: 'modapte-90',
    title: 'Reuters news with all their topics (ModApte)',
    classes: 90,
    samples: { train: 7_769, test: 3_019 },
  },
  (articles) => byAllTopics(articles, ({ side }) => side),
);

/**
 * R8: the articles of ModApte that list exactly one topic, one of the eight.
 *
 * A. Cardoso-Cachopo, *Improving Methods for Single-label Text Categorization*, PhD thesis, Universidade Técnica de
 * Lisboa, 2007.
 */
export const r8 = ofCollection(
  {
    id: 'r8',
    title: 'Reuters news of 8 topics (R8)',
    classes: 8,
    samples: { train: 5_485, test: 2_189 },
  },
  (articles) => bySingleTopic(articles, r8Topics, ({ side }) => side),
);

/** R52: as {@link r8}, of 52 topics. */
export const r52 = ofCollection(
  {
    id: 'r52',
    title: 'Reuters news of 52 topics (R52)',
    classes: 52,
    samples: { train: 6_532, test: 2_568 },
  },
  (articles) => bySingleTopic(articles, r52Topics, ({ side }) => side),
);
