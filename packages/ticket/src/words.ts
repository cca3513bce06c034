import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { isDType, tensor } from '@winning-tickets/onnx';
import type { TicketMetadata } from './ticket-metadata.js';

/** Of a network over text, the words that its input numbers stand for. */
export interface Words {
  /**
   * By number: by column for bags, by index for sequences, where the first two entries stand for padding and for
   * unknown words.
   */
  readonly vocabulary?: readonly string[];
  /** Of tf-idf bags, what a word's count is multiplied by before the row is normalised, by number. */
  readonly wordWeights?: Float64Array;
}

/** More text is refused before it is decoded, in bytes: a million words have about ten. */
const maxVocabularyBytes = 2 ** 26;

/** Weights are logarithms of counts: on another machine they may differ in their last bits. */
const weightTolerance = 1e-9;

/**
 * Words as tensors of a file, where a header has no room for them: `vocabulary` uint8, UTF-8 with a line feed between
 * words, and `wordWeights` float64 `[words]`.
 */
export function wordTensors({ vocabulary, wordWeights }: Words): Tensors {
  if (!vocabulary) return {};
  const text = Uint8Array.from(Buffer.from(vocabulary.join('\n')));
  return {
    vocabulary: tensor('uint8', [text.length], text),
    ...(wordWeights ? { wordWeights: tensor('float64', [wordWeights.length], wordWeights) } : {}),
  };
}

/** The words in a file's tensors; none where there are no such tensors. @throws Error starting with the source. */
export function readWords({ vocabulary, wordWeights }: Tensors, source: string): Words {
  if (wordWeights && !isDType(wordWeights, 'float64')) {
    throw new Error(`${source}: tensor 'wordWeights' must be float64, found ${wordWeights.dtype}`);
  }
  return {
    ...(vocabulary ? { vocabulary: decoded(vocabulary, source) } : {}),
    ...(wordWeights ? { wordWeights: wordWeights.data } : {}),
  };
}

function decoded(vocabulary: Tensor, source: string): string[] {
  if (!isDType(vocabulary, 'uint8')) {
    throw new Error(`${source}: tensor 'vocabulary' must be uint8, found ${vocabulary.dtype}`);
  }
  const { length } = vocabulary.data;
  if (length > maxVocabularyBytes) {
    throw new Error(
      `${source}: tensor 'vocabulary' has ${length} bytes; more than ${maxVocabularyBytes} are refused`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(vocabulary.data).split('\n');
  } catch (error) {
    throw new Error(`${source}: tensor 'vocabulary' is not UTF-8 text`, { cause: error });
  }
}

/**
 * Checks that words are those that the metadata of a ticket speak of.
 *
 * @throws Error in one sentence when they are missing, too many or too few, when two are the same, or when one is empty
 *   or more than a line.
 */
export function checkWords(
  { vocabulary, wordWeights }: Words,
  { dataset }: Pick<TicketMetadata, 'dataset'>,
  source: string,
): void {
  const { text, words, inputShape } = dataset;
  if (text === undefined && words === undefined && !vocabulary && !wordWeights) return;
  if (text === undefined || words === undefined || !vocabulary) {
    throw new Error(
      `${source}: 'dataset.text', 'dataset.words' and the vocabulary belong together, found ` +
        `${text ? 'text' : 'no text'}, ${words === undefined ? 'no number of words' : `${words} words`} and ` +
        (vocabulary ? 'a vocabulary' : 'no vocabulary'),
    );
  }
  if (vocabulary.length !== words) {
    throw new Error(
      `${source}: metadata 'dataset.words' is ${words}, the vocabulary has ${vocabulary.length}`,
    );
  }
  const [size = 0] = inputShape;
  const expectedSize = text.kind === 'bag' ? words : text.length;
  if (inputShape.length !== 1 || size !== expectedSize) {
    throw new Error(
      `${source}: samples of ${text.kind === 'bag' ? `bags of ${words} words` : `${text.length} words`} have ` +
        `shape [${expectedSize}], found [${inputShape.join(', ')}]`,
    );
  }
  const seen = new Set<string>();
  vocabulary.forEach((word, number) => {
    if (word === '' || word.includes('\n')) {
      throw new Error(`${source}: word ${number} of the vocabulary must be text in one line`);
    }
    if (seen.has(word)) throw new Error(`${source}: the vocabulary has ${JSON.stringify(word)} twice`);
    seen.add(word);
  });
  checkWeights(wordWeights, text.kind === 'bag' && text.weights === 'tf-idf' ? words : undefined, source);
}

function checkWeights(weights: Float64Array | undefined, expected: number | undefined, source: string): void {
  if (weights?.length !== expected) {
    throw new Error(
      `${source}: expected ${expected ?? 'no'} word weights, found ${weights ? weights.length : 'none'}; ` +
        'tf-idf bags have one for each word, others have none',
    );
  }
  const wrong = weights?.findIndex((weight) => !Number.isFinite(weight) || weight <= 0) ?? -1;
  if (wrong >= 0) {
    throw new Error(`${source}: word weights must be above 0, found ${weights?.[wrong]} of word ${wrong}`);
  }
}

/**
 * In one sentence what differs between the words of a ticket and those of some data; undefined when nothing does. Words
 * that are not known on the expected side are not compared.
 */
export function wordsMismatch(expected: Words, found: Words): string | undefined {
  const { vocabulary, wordWeights } = expected;
  if (!vocabulary) return undefined;
  const others = found.vocabulary ?? [];
  const length = Math.max(vocabulary.length, others.length);
  for (let number = 0; number < length; number++) {
    if (vocabulary[number] !== others[number]) {
      return `word ${number} must be ${shown(vocabulary[number])}, found ${shown(others[number])}`;
    }
  }
  const wrong =
    wordWeights?.findIndex(
      (weight, number) =>
        !(Math.abs(weight - (found.wordWeights?.[number] ?? NaN)) <= weightTolerance * Math.abs(weight)),
    ) ?? -1;
  if (wrong < 0) return undefined;
  const weight = found.wordWeights?.[wrong] ?? 'none';
  return `the weight of word ${wrong} must be ${wordWeights?.[wrong]}, found ${weight}`;
}

function shown(word: string | undefined): string {
  return word === undefined ? 'none' : JSON.stringify(word.slice(0, 64));
}
