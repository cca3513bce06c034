import type {
  ClassLabels,
  ClassSets,
  Dataset,
  LabelledText,
  Samples,
  SparseInputs,
  DenseInputs,
  TextCollection,
} from '../dataset.js';
import { checkSplit, type SplitOptions } from '../split.js';
import { stratifiedSplit, type Placed } from '../stratified-split.js';
import { stackRows, vectorizeBag } from './bag.js';
import { reservedWords, vectorizeSequence } from './sequence.js';
import { checkTextOptions, type TextOptions } from './text-options.js';
import { tokenize } from './tokenize.js';
import { buildVocabulary, type Vocabulary } from './vocabulary.js';

/** A document whose words are known. */
interface Document {
  readonly tokens: readonly string[];
  readonly classes: readonly number[];
}

type Side = readonly Document[];

/**
 * Documents as a dataset: divided first, so that the vocabulary and the frequencies come from the training side alone.
 *
 * The division is drawn by class (of several, the one that is rarest among the documents), each class in the same
 * proportion on every side. Documents that read the same, word by word, stay on one side of what is drawn; a test side
 * that the authors set apart stays theirs, and may share documents with the others. Documents without any
 * word are divided like others: there is nothing in them to learn by heart. The order is that of the collection.
 *
 * @throws Error with one sentence when `validation`, `seed` or the options for text are out of range.
 */
export function divideTexts(
  collection: TextCollection,
  { text, ...split }: SplitOptions & { readonly text: TextOptions },
): Dataset {
  const { id, checksum, classNames, published } = collection;
  const options = checkTextOptions(text);
  const { train, validation, test } = divide(collection, split);
  const vocabulary = vocabularyFor(id, train, options.words);
  const samples = (side: Side): Samples => ({
    inputs: inputsOf(side, vocabulary, options),
    labels: labelsOf(side, collection),
  });
  return {
    id,
    checksum,
    inputShape: [options.kind === 'bag' ? vocabulary.words.length : options.length],
    inputScale: 1,
    classNames,
    vocabulary: options.kind === 'bag' ? vocabulary.words : [...reservedWords, ...vocabulary.words],
    ...(options.kind === 'bag' && options.weights === 'tf-idf'
      ? { wordWeights: vocabulary.inverseDocumentFrequencies }
      : {}),
    ...(published
      ? {
          asPublished: published.train === train.length + validation.length && published.test === test.length,
        }
      : {}),
    train: samples(train),
    validation: samples(validation),
    test: samples(test),
  };
}

function divide(
  { train, test, classNames }: TextCollection,
  { validation, seed }: SplitOptions,
): Record<'train' | 'validation' | 'test', Side> {
  const read = reader();
  const documents = train.map(read);
  const drawn = typeof test === 'number' ? [test] : [];
  const left = documents.length - (drawn[0] ?? 0);
  checkSplit(left, { validation, seed });
  const sides = stratifiedSplit(placed(documents, classNames.length), {
    sizes: [...drawn, validation],
    seed,
  }).map((indices) => Array.from(indices).flatMap((index) => documents[index] ?? []));
  const [forTraining = [], forValidation = [], forTest = []] = sides.toReversed();
  if (forTraining.length === 0 || forValidation.length === 0) {
    throw new Error(
      `validation split: the ${left} training documents read too much the same to set ${validation} apart; use more documents, or change "validation".`,
    );
  }
  return {
    train: forTraining,
    validation: forValidation,
    test: typeof test === 'number' ? forTest : test.map(read),
  };
}

function vocabularyFor(id: string, train: Side, words: number): Vocabulary {
  const vocabulary = buildVocabulary(
    train.map(({ tokens }) => tokens),
    words,
  );
  if (vocabulary.words.length > 0) return vocabulary;
  throw new Error(
    `dataset ${id}: none of the ${train.length} training documents has a word; use more documents.`,
  );
}

/** Reads documents, and keeps each word once: there are a hundred times as many tokens as words. */
function reader(): (document: LabelledText) => Document {
  const known = new Map<string, string>();
  return ({ text, classes }) => ({
    classes,
    tokens: tokenize(text).map((token) => {
      const word = known.get(token);
      if (word === undefined) known.set(token, token);
      return word ?? token;
    }),
  });
}

function placed(documents: Side, classes: number): Placed[] {
  const sizes = new Int32Array(classes);
  for (const { classes: own } of documents) for (const each of own) sizes[each] = (sizes[each] ?? 0) + 1;
  return documents.map(({ tokens, classes: own }) => ({
    stratum: own.reduce((rarest, each) => ((sizes[each] ?? 0) < (sizes[rarest] ?? 0) ? each : rarest)),
    twin: tokens.length === 0 ? undefined : tokens.join(' '),
  }));
}

function inputsOf(side: Side, vocabulary: Vocabulary, options: TextOptions): DenseInputs | SparseInputs {
  if (options.kind === 'bag') {
    const rows = side.map(({ tokens }) => vectorizeBag(tokens, vocabulary, options.weights));
    return stackRows(rows, vocabulary.words.length);
  }
  const { length } = options;
  const data = new Int32Array(side.length * length);
  side.forEach(({ tokens }, index) => {
    data.set(vectorizeSequence(tokens, vocabulary, length), index * length);
  });
  return { layout: 'dense', dtype: 'int32', shape: [side.length, length], data };
}

function labelsOf(side: Side, { labels, classNames }: TextCollection): ClassLabels | ClassSets {
  if (labels === 'class') {
    return {
      dtype: 'int32',
      shape: [side.length],
      data: Int32Array.from(side, ({ classes }) => classes[0] ?? 0),
    };
  }
  const width = classNames.length;
  const data = new Uint8Array(side.length * width);
  side.forEach(({ classes }, index) => {
    for (const each of classes) data[index * width + each] = 1;
  });
  return { dtype: 'uint8', shape: [side.length, width], data };
}
