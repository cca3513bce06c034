import type { TextOptions } from '@winning-tickets/datasets';
import type { InputForm, Runtime, StoredInputs } from '@winning-tickets/export';
import { exportBytes, feedsOf, inputFormOf } from '@winning-tickets/export';
import type { ModelInfo } from '@winning-tickets/onnx';
import { readModelInfo, sizeOf } from '@winning-tickets/onnx';
import { parse, readTicket } from '@winning-tickets/ticket';
import { z } from 'zod';
import { readBytes } from './bytes.js';
import { messageOf } from './failures.js';
import { fileKind } from './file-kind.js';

/** What a model's metadata say about its samples. */
export interface ModelFacts {
  /** Shape of a stored sample. */
  readonly inputShape: readonly number[];
  /** What stored values are multiplied by. */
  readonly inputScale: number;
  /** In the order of the logits. */
  readonly classNames: readonly string[];
  /** Whether a sample has one class, or any number of them. */
  readonly labels: 'class' | 'set';
  /** Which elements of the flattened stored sample the model takes; undefined for all. */
  readonly liveInputs?: readonly number[] | undefined;
  /** How samples enter the model. */
  readonly inputForm: InputForm;
  /** Of a model over text. */
  readonly words?: ModelWords;
}

/** How a document becomes numbers for a model. */
export interface ModelWords {
  readonly options: TextOptions;
  readonly vocabulary: readonly string[];
  /** Of tf-idf bags, what a word's count is multiplied by. */
  readonly wordWeights?: Float64Array;
}

/** A model that classifies samples as they are stored. */
export interface Classifier {
  readonly info: ModelInfo;
  readonly facts: ModelFacts;
  /** @returns logits, `[end - start, classes]`, of the samples from `start` to before `end`. */
  readonly logits: (stored: StoredInputs, start: number, end: number) => Promise<Float32Array>;
}

const factsSchema = z.object({
  inputShape: z.array(z.int().min(1)).min(1),
  inputScale: z.number(),
  classNames: z.array(z.string()).min(1),
  labels: z.enum(['class', 'set']).default('class'),
  liveInputs: z.array(z.int().min(0)).optional(),
  text: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('bag'),
        words: z.int().min(1),
        weights: z.enum(['binary', 'count', 'tf-idf']),
      }),
      z.object({ kind: z.literal('sequence'), words: z.int().min(1), length: z.int().min(1) }),
    ])
    .optional(),
  wordWeights: z.array(z.number()).optional(),
});

/**
 * Opens a model file, or a ticket as the model that it is.
 *
 * @throws Error in one sentence when it is neither a ticket nor a model that this program has exported.
 */
export async function openClassifier(path: string, runtime: Runtime): Promise<Classifier> {
  const bytes = await modelBytes(path);
  const info = readModelInfo(bytes, path);
  const facts = modelFacts(info, path);
  checkInputs(info, facts, path);
  const run = await runtime(bytes).catch((error: unknown) => {
    throw new Error(`${path}: ONNX Runtime cannot load this model: ${firstLine(error)}`, { cause: error });
  });
  const { inputForm: form, inputShape, inputScale, liveInputs, classNames } = facts;
  return {
    info,
    facts,
    async logits(stored, start, end) {
      const outputs = await run(feedsOf(stored, start, end, { form, inputShape, inputScale, liveInputs }));
      const data = outputs['logits']?.data;
      const count = end - start;
      if (!(data instanceof Float32Array) || data.length !== count * classNames.length) {
        throw new Error(`${path}: must give 'logits', float32 [${count}, ${classNames.length}]`);
      }
      return data;
    },
  };
}

async function modelBytes(path: string): Promise<Uint8Array> {
  // Says in one sentence when there is no such file.
  const bytes = await readBytes(path);
  return (await fileKind(path)) === 'ticket' ? exportBytes(await readTicket(path), 'dense') : bytes;
}

function modelFacts(info: ModelInfo, path: string): ModelFacts {
  const { metadata } = info;
  const names = ['inputShape', 'inputScale', 'classNames', 'labels', 'liveInputs', 'text', 'wordWeights'];
  const entries = names.flatMap((name) => {
    const text = metadata[`tickets.${name}`];
    return text === undefined ? [] : [[name, jsonOf(text)] as const];
  });
  if (entries.length === 0) {
    throw new Error(
      `${path}: its metadata do not tell what it takes (tickets.inputShape, …): export it with tickets`,
    );
  }
  const { text, wordWeights, ...facts } = parse(
    factsSchema,
    Object.fromEntries(entries),
    `${path}, metadata tickets`,
  );
  const size = sizeOf(facts.inputShape);
  if (facts.liveInputs?.some((index) => index >= size)) {
    throw new Error(`${path}: tickets.liveInputs must list indices from 0 to ${size - 1}`);
  }
  const inputForm = inputFormOf(info, path);
  return {
    ...facts,
    inputForm,
    ...(text ? { words: modelWords(text, wordWeights, size, metadata, path) } : {}),
  };
}

function modelWords(
  options: TextOptions,
  wordWeights: readonly number[] | undefined,
  size: number,
  metadata: Readonly<Record<string, string>>,
  path: string,
): ModelWords {
  const vocabulary = metadata['tickets.vocabulary']?.split('\n');
  if (!vocabulary)
    throw new Error(`${path}: is a model over text, but its metadata have no tickets.vocabulary`);
  const expected = options.kind === 'bag' ? vocabulary.length : options.length;
  if (size !== expected) {
    throw new Error(`${path}: tickets.inputShape must be [${expected}] by its text, found ${size} values`);
  }
  const isWeighted = options.kind === 'bag' && options.weights === 'tf-idf';
  if (isWeighted && wordWeights?.length !== vocabulary.length) {
    throw new Error(
      `${path}: tickets.wordWeights must have one number for each of ${vocabulary.length} words, found ` +
        `${wordWeights?.length ?? 0}`,
    );
  }
  return { options, vocabulary, ...(wordWeights ? { wordWeights: Float64Array.from(wordWeights) } : {}) };
}

function checkInputs({ inputs }: ModelInfo, facts: ModelFacts, path: string): void {
  const expected = expectedInputs(facts);
  // Free sizes have names of any kind.
  const fits = expected.every(({ name, shape }, index) => {
    const input = inputs[index];
    return (
      input?.name === name &&
      input.shape?.length === shape.length &&
      shape.every((size, axis) => typeof size === 'string' || size === input.shape?.[axis])
    );
  });
  if (fits && inputs.length === expected.length) return;
  const texts = expected.map(({ name, shape }) => `'${name}' of [${shape.join(', ')}]`);
  throw new Error(
    `${path}: must take ${texts.join(' and ')}, as its metadata say, found ` +
      inputs.map(({ name, shape }) => `'${name}' of [${shape?.join(', ') ?? '?'}]`).join(' and '),
  );
}

interface ExpectedInput {
  readonly name: string;
  /** A text stands for a size that is free. */
  readonly shape: readonly (number | string)[];
}

function expectedInputs({ inputForm, inputShape, liveInputs }: ModelFacts): readonly ExpectedInput[] {
  switch (inputForm) {
    case 'bag':
      return ['words', 'weights'].map((name) => ({ name, shape: ['batch', 'length'] }));
    case 'shared-bag':
      return [
        { name: 'words', shape: ['count'] },
        { name: 'weights', shape: ['batch', 'count'] },
      ];
    default:
      return [{ name: 'input', shape: ['batch', ...(liveInputs ? [liveInputs.length] : inputShape)] }];
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}
