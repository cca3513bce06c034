import type { Dataset, SparseInputs } from '@winning-tickets/datasets';
import { Tensor } from 'onnxruntime-node';
import type { ModelData, ModelFile, ModelInput, SampleInput } from './model-file.js';
import { sampleSize, wordCount } from './model-file.js';
import type { RandomStream } from './random.js';

/** Test samples as one model takes them: scaled, and only its live inputs where it takes just those. */
export interface TestSamples {
  readonly dataset: Dataset;
  readonly data: ModelData;
}

/** What a model is called with, by the names of its inputs. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** Words of a bag of noise: about as many different ones as a short news article has. */
const NOISE_WORDS = 64;

/**
 * The batch of a model's inputs that some test samples make: float32 `[batch, ...sampleShape]`, int32 for numbers of
 * words; of bags, `words` and `weights` `[batch, length]` for the longest of them, or `[count]` and `[batch, count]`.
 *
 * @param rows indices of test samples; with fewer of them than `batch`, the rest of the batch stays zero.
 */
export function testBatch(
  input: ModelInput,
  { dataset, data }: TestSamples,
  rows: readonly number[],
  batch: number,
): Feeds {
  const { inputs } = dataset.test;
  if (!('sampleShape' in input)) {
    const written = input.form === 'bag' ? bags : sharedBag;
    return written(
      rows.map((row) => bagOf(dataset, data, row)),
      batch,
    );
  }
  const shape = [batch, ...input.sampleShape];
  const size = sampleSize(input);
  if (input.form === 'sequence') {
    const numbers = new Int32Array(batch * size);
    if (inputs.layout === 'dense') {
      rows.forEach((row, place) => {
        numbers.set(inputs.data.subarray(row * size, (row + 1) * size), place * size);
      });
    }
    return { [input.name]: new Tensor('int32', numbers, shape) };
  }
  const storedSize = sizeOfStored(dataset);
  const values = new Float32Array(batch * size);
  rows.forEach((row, place) => {
    const stored = inputs.layout === 'sparse' ? rowOf(inputs, row) : inputs.data;
    const start = inputs.layout === 'sparse' ? 0 : row * storedSize;
    for (let i = 0; i < size; i++) {
      const index = start + (data.liveInputs ? (data.liveInputs[i] ?? 0) : i);
      values[place * size + i] = (stored[index] ?? 0) * data.inputScale;
    }
  });
  return { [input.name]: new Tensor('float32', values, shape) };
}

/** One row with its zeros. */
function rowOf({ shape: [, width], offsets, indices, values }: SparseInputs, row: number): Float32Array {
  const whole = new Float32Array(width);
  for (let place = offsets[row] ?? 0; place < (offsets[row + 1] ?? 0); place++) {
    whole[indices[place] ?? 0] = values[place] ?? 0;
  }
  return whole;
}

interface Bag {
  readonly words: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** The words of a text; where a model takes live ones alone, these, numbered by their places in its list. */
function bagOf(dataset: Dataset, data: ModelData, row: number): Bag {
  const { words, weights } = wholeBagOf(dataset, data, row);
  if (!data.liveInputs) return { words, weights };
  const placeOf = new Map(data.liveInputs.map((word, place) => [word, place]));
  const live = Array.from(words, (word, at) => ({ place: placeOf.get(word), weight: weights[at] ?? 0 }));
  const kept = live.flatMap(({ place, weight }) => (place === undefined ? [] : [{ place, weight }]));
  return { words: kept.map(({ place }) => place), weights: kept.map(({ weight }) => weight) };
}

function wholeBagOf({ test: { inputs }, inputShape }: Dataset, { inputScale }: ModelData, row: number): Bag {
  if (inputs.layout === 'sparse') {
    const [from, to] = [inputs.offsets[row] ?? 0, inputs.offsets[row + 1] ?? 0];
    const weights = inputs.values.subarray(from, to).map((value) => value * inputScale);
    return { words: inputs.indices.subarray(from, to), weights };
  }
  const size = inputShape.reduce((product, axis) => product * axis, 1);
  const stored = Array.from(inputs.data.subarray(row * size, (row + 1) * size));
  const words = [...stored.keys()].filter((index) => stored[index] !== 0);
  return { words, weights: words.map((index) => (stored[index] ?? 0) * inputScale) };
}

function bags(rows: readonly Bag[], batch: number): Feeds {
  const length = Math.max(1, ...rows.map(({ words }) => words.length));
  const words = new Int32Array(batch * length);
  const weights = new Float32Array(batch * length);
  rows.forEach((bag, place) => {
    words.set(bag.words, place * length);
    weights.set(bag.weights, place * length);
  });
  return {
    words: new Tensor('int32', words, [batch, length]),
    weights: new Tensor('float32', weights, [batch, length]),
  };
}

/** Each word of the batch once, ascending; of none at all, word 0 at weight 0. */
function sharedBag(rows: readonly Bag[], batch: number): Feeds {
  const present = new Set(rows.flatMap((bag) => Array.from(bag.words)));
  const words = Int32Array.from(present.size === 0 ? [0] : present).sort();
  const columnOf = new Map(Array.from(words, (word, column) => [word, column]));
  const weights = new Float32Array(batch * words.length);
  rows.forEach((bag, place) => {
    Array.from(bag.words).forEach((word, at) => {
      weights[place * words.length + (columnOf.get(word) ?? NaN)] = bag.weights[at] ?? 0;
    });
  });
  return {
    words: new Tensor('int32', words, [words.length]),
    weights: new Tensor('float32', weights, [batch, words.length]),
  };
}

/**
 * A batch of seeded uniform noise: numbers in [0, 1), and numbers of words among those that the model's metadata tell of,
 * which is 0 alone where they tell of none.
 */
export function noiseBatch(
  { input, metadata }: Pick<ModelFile, 'input' | 'metadata'>,
  batch: number,
  random: RandomStream,
): Feeds {
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.uniform());
  const words = (count: number) => {
    const known = wordCount(metadata);
    return Int32Array.from({ length: count }, () => random.integer(known));
  };
  if (!('sampleShape' in input)) {
    const bag = () => ({ words: words(NOISE_WORDS), weights: numbers(NOISE_WORDS) });
    const written = input.form === 'bag' ? bags : sharedBag;
    return written(Array.from({ length: batch }, bag), batch);
  }
  const shape = [batch, ...input.sampleShape];
  const count = batch * sampleSize(input);
  return {
    [input.name]:
      input.form === 'sequence'
        ? new Tensor('int32', words(count), shape)
        : new Tensor('float32', numbers(count), shape),
  };
}

/** A batch of test samples that are drawn from the whole test split, each draw independent. */
export function drawnTestBatch(
  input: ModelInput,
  samples: TestSamples,
  batch: number,
  random: RandomStream,
): Feeds {
  const count = samples.dataset.test.labels.shape[0] ?? 0;
  const rows = Array.from({ length: batch }, () => random.integer(count));
  return testBatch(input, samples, rows, batch);
}

/**
 * In one sentence why a data set's samples do not fit a model; undefined when they do.
 */
export function misfit(input: ModelInput, { dataset, data }: TestSamples): string | undefined {
  if (dataset.checksum !== data.checksum) {
    return (
      `the model is for ${data.dataset} with checksum ${data.checksum.slice(0, 12)}, ` +
      `the data found has ${dataset.checksum.slice(0, 12)}`
    );
  }
  const { inputs } = dataset.test;
  const isSequences = inputs.layout === 'dense' && inputs.dtype === 'int32';
  if (isSequences !== (input.form === 'sequence')) {
    return isSequences
      ? 'the model takes numbers, the samples of its data set are sequences of words'
      : 'the model takes sequences of words, the samples of its data set are other ones';
  }
  return (
    wordMisfit(dataset, data) ?? ('sampleShape' in input ? sizeMisfit(input, { dataset, data }) : undefined)
  );
}

function sizeMisfit(input: SampleInput, { dataset, data }: TestSamples): string | undefined {
  const stored = sizeOfStored(dataset);
  const taken = data.liveInputs?.length ?? stored;
  if (taken !== sampleSize(input)) {
    return `the model takes ${sampleSize(input)} values a sample, its metadata and data set make ${taken}`;
  }
  if (data.liveInputs?.some((index) => index >= stored)) {
    return `the model's tickets.liveInputs reach beyond the ${stored} values of a sample`;
  }
  return undefined;
}

function wordMisfit({ vocabulary: found = [] }: Dataset, { vocabulary }: ModelData): string | undefined {
  if (!vocabulary) return undefined;
  const length = Math.max(vocabulary.length, found.length);
  for (let number = 0; number < length; number++) {
    if (vocabulary[number] !== found[number]) {
      return `word ${number} of the model is ${shown(vocabulary[number])}, that of the data found ${shown(found[number])}`;
    }
  }
  return undefined;
}

function shown(word: string | undefined): string {
  return word === undefined ? 'none' : JSON.stringify(word.slice(0, 64));
}

function sizeOfStored(dataset: Dataset): number {
  return dataset.inputShape.reduce((product, size) => product * size, 1);
}
