import type { LabelledText, TextCollection } from '../dataset.js';
import { type Article, textOf } from './article.js';

/** Which side of a division an article is on; undefined for neither. */
export type SideOf<One extends Article> = (article: One) => 'train' | 'test' | undefined;

/** The documents of a collection, with what their classes are called. */
type Documents = Pick<TextCollection, 'classNames' | 'labels' | 'train' | 'test'>;

/**
 * Articles with their first topic as the class, of all topics that are first of at least `fewest` articles, in the order of
 * their names' code units; a test side is to be drawn, of a fifth of them.
 */
export function byFirstTopic(articles: readonly Article[], fewest: number): Documents {
  const counts = new Map<string, number>();
  for (const { topics } of articles) {
    const [first] = topics;
    if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  const classNames = [...counts.keys()].filter((topic) => (counts.get(topic) ?? 0) >= fewest).sort();
  const train = labelled(articles, classNames, ({ topics }) => topics.slice(0, 1));
  return { classNames, labels: 'class', train, test: Math.round(train.length / 5) };
}

/** Articles that list exactly one topic, and one of the given. */
export function bySingleTopic<One extends Article>(
  articles: readonly One[],
  classNames: readonly string[],
  sideOf: SideOf<One>,
): Documents {
  const documents = (side: 'train' | 'test') =>
    labelled(
      articles.filter((article) => article.topics.length === 1 && sideOf(article) === side),
      classNames,
      ({ topics }) => topics,
    );
  return { classNames, labels: 'class', train: documents('train'), test: documents('test') };
}

/**
 * Articles with all their topics, of those topics that articles of both sides have, in the order of their names' code
 * units.
 */
export function byAllTopics<One extends Article>(articles: readonly One[], sideOf: SideOf<One>): Documents {
  const of = (side: 'train' | 'test') => articles.filter((article) => sideOf(article) === side);
  const [train, test] = [of('train'), of('test')];
  const tested = new Set(test.flatMap(({ topics }) => topics));
  const classNames = [...new Set(train.flatMap(({ topics }) => topics))]
    .filter((topic) => tested.has(topic))
    .sort();
  const documents = (side: readonly One[]) => labelled(side, classNames, ({ topics }) => topics);
  return { classNames, labels: 'set', train: documents(train), test: documents(test) };
}

/** The articles that have a topic among the classes. */
function labelled(
  articles: readonly Article[],
  classNames: readonly string[],
  topicsOf: (article: Article) => readonly string[],
): LabelledText[] {
  const numbers = new Map(classNames.map((name, number) => [name, number]));
  return articles.flatMap((article) => {
    const classes = [...new Set(topicsOf(article).flatMap((topic) => numbers.get(topic) ?? []))];
    return classes.length === 0 ? [] : { text: textOf(article), classes: classes.sort((a, b) => a - b) };
  });
}
