import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { TextOptions } from '@winning-tickets/datasets';
import { readModelInfo } from '@winning-tickets/onnx';
import type { ModelInfo } from '@winning-tickets/onnx';

/** What a model that can be measured takes. */
export type ModelInput = SampleInput | BagInput;

/** One input: numbers (`dense`, float32), or the numbers of words in the order of a text (`sequence`, int32). */
export interface SampleInput {
  readonly form: 'dense' | 'sequence';
  readonly name: string;
  /** Shape of one sample: the input's shape without its first axis. */
  readonly sampleShape: readonly number[];
  /** The only batch size the model takes, or null when the first axis is free. */
  readonly fixedBatch: number | null;
}

/**
 * Two inputs for bags of words, `words` int32 and `weights` float32, all sizes free. `bag`: both `[batch, length]`, the
 * numbers of the words that a text has, and what they count; 0 is padding. `shared-bag`: the words of the batch, each
 * once, `[count]`, and what they count in each text, `[batch, count]`.
 */
export interface BagInput {
  readonly form: 'bag' | 'shared-bag';
  readonly fixedBatch: null;
}

/** What a model's `tickets.*` metadata says about the data it is for. */
export interface ModelData {
  readonly dataset: string;
  readonly checksum: string;
  /** How the data set was divided. */
  readonly split: { readonly validation: number; readonly splitSeed: number };
  /** What a stored value is multiplied by before it enters the graph. */
  readonly inputScale: number;
  /** Indices into the flattened stored input that the graph takes; null for all of them. */
  readonly liveInputs: readonly number[] | null;
  /** Of text, how it becomes numbers; unchecked. */
  readonly text?: TextOptions;
  /** Of text, the words by their numbers. */
  readonly vocabulary?: readonly string[];
}

/** A model file that was found fit to be measured. */
export interface ModelFile {
  readonly file: string;
  readonly name: string;
  /** File size. */
  readonly bytes: number;
  readonly input: ModelInput;
  readonly metadata: Readonly<Record<string, string>>;
}

/** No batch of inputs may take more memory than this: a hostile shape shall not exhaust the machine. */
const MAX_INPUT_BYTES = 2 ** 30;

/**
 * Reads the model files and checks that each can be measured.
 *
 * @throws Error in one sentence when a file is missing or no ONNX model, or it takes neither one float32 or
 *   int32 tensor whose sizes are known but for the batch, nor bags of words; nothing was measured then.
 */
export async function readModelFiles(files: readonly string[]): Promise<ModelFile[]> {
  const stems = files.map((file) => basename(file, '.onnx'));
  return await Promise.all(
    files.map(async (file, index) => {
      const stem = stems[index] ?? file;
      const unique = stems.filter((other) => other === stem).length === 1;
      const bytes = await readBytes(file);
      const info = readModelInfo(bytes, file);
      return {
        file,
        name: unique ? stem : file,
        bytes: bytes.length,
        input: measurableInput(info, file),
        metadata: info.metadata,
      };
    }),
  );
}

/** The batch sizes of a list that a model can be measured at: its fixed one, else all of them. */
export function batchesOf(input: ModelInput, batches: readonly number[]): readonly number[] {
  return input.fixedBatch === null ? batches : [input.fixedBatch];
}

/** Elements of one sample. */
export function sampleSize(input: SampleInput): number {
  return input.sampleShape.reduce((product, size) => product * size, 1);
}

/** @throws Error when a batch of a model's inputs would take more than 1 GiB, naming the file and the shape. */
export function checkBatchFits({ file, input }: ModelFile, batch: number): void {
  if ('sampleShape' in input && sampleSize(input) * batch * 4 > MAX_INPUT_BYTES) {
    throw new Error(
      `${file}: a batch of ${batch} inputs of shape [${input.sampleShape.join(', ')}] takes more than 1 GiB; ` +
        `choose smaller batches.`,
    );
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT') throw new Error(`${file}: there is no such file.`, { cause });
    if (code === 'EISDIR') throw new Error(`${file}: this is a folder, expected an .onnx file.`, { cause });
    throw new Error(`${file}: cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    });
  }
}

function measurableInput(info: ModelInfo, file: string): ModelInput {
  if (takesWords(info, 2)) return { form: 'bag', fixedBatch: null };
  if (takesWords(info, 1)) return { form: 'shared-bag', fixedBatch: null };
  const [input, ...others] = info.inputs;
  if (!input || others.length > 0) {
    const names = info.inputs.map(({ name }) => name).join(', ');
    throw new Error(
      `${file}: a model with one input, or with words and weights, can be measured, this one has ${info.inputs.length}` +
        `${names === '' ? '' : ` (${names})`}.`,
    );
  }
  const found = `${input.dtype} ${input.shape ? `[${input.shape.join(', ')}]` : 'of unknown shape'}`;
  const [first, ...sampleShape] = input.shape ?? [];
  const isNumbers = input.dtype === 'float32';
  if ((!isNumbers && input.dtype !== 'int32') || first === undefined || !sampleShape.every(isPositive)) {
    throw new Error(
      `${file}: input '${input.name}' must be float32 or int32 with a batch axis and known sizes behind it, found ${found}.`,
    );
  }
  const form = isNumbers ? 'dense' : 'sequence';
  if (typeof first === 'string') return { form, name: input.name, sampleShape, fixedBatch: null };
  if (!isPositive(first)) {
    throw new Error(`${file}: input '${input.name}' takes no samples, found ${found}.`);
  }
  return { form, name: input.name, sampleShape, fixedBatch: first };
}

function takesWords({ inputs }: ModelInfo, axes: number): boolean {
  const has = (name: string, dtype: string, rank: number) =>
    inputs.some(
      (input) =>
        input.name === name &&
        input.dtype === dtype &&
        input.shape?.length === rank &&
        input.shape.every((size) => typeof size === 'string'),
    );
  return inputs.length === 2 && has('words', 'int32', axes) && has('weights', 'float32', 2);
}

function isPositive(size: number | string): size is number {
  return typeof size === 'number' && Number.isSafeInteger(size) && size > 0;
}

/** The data a model is for, or in one sentence why its metadata does not tell. */
export function modelData(metadata: Readonly<Record<string, string>>): ModelData | string {
  const dataset = metadata['tickets.dataset'];
  const checksum = metadata['tickets.datasetChecksum'];
  if (dataset === undefined || checksum === undefined) {
    return "the model's metadata does not name its data set (tickets.dataset, tickets.datasetChecksum)";
  }
  const inputScale = Number(metadata['tickets.inputScale'] ?? NaN);
  if (!Number.isFinite(inputScale)) {
    return `the model's metadata has no number as tickets.inputScale`;
  }
  const split = splitOf(metadata['tickets.split']);
  if (!split) return `the model's metadata has no object with validation and seed as tickets.split`;
  const ofText = textOf(metadata);
  if (typeof ofText === 'string') return ofText;
  const live = metadata['tickets.liveInputs'];
  if (live === undefined) return { dataset, checksum, split, inputScale, liveInputs: null, ...ofText };
  const liveInputs = jsonOf(live);
  if (!Array.isArray(liveInputs) || !liveInputs.every(isIndex)) {
    return `the model's metadata has no list of indices as tickets.liveInputs`;
  }
  return { dataset, checksum, split, inputScale, liveInputs, ...ofText };
}

/**
 * How many words a model's numbers of words stand for: all below it are valid. 1 where its metadata do not tell: then 0
 * alone is known to be.
 */
export function wordCount(metadata: Readonly<Record<string, string>>): number {
  const data = modelData(metadata);
  if (typeof data !== 'string' && data.liveInputs) return data.liveInputs.length;
  const vocabulary = metadata['tickets.vocabulary'];
  return vocabulary === undefined ? 1 : vocabulary.split('\n').length;
}

function textOf(metadata: Readonly<Record<string, string>>): Pick<ModelData, 'text' | 'vocabulary'> | string {
  const text = metadata['tickets.text'];
  const vocabulary = metadata['tickets.vocabulary'];
  if (text === undefined) return {};
  if (vocabulary === undefined) return "the model's metadata have no words as tickets.vocabulary";
  const options = jsonOf(text);
  if (typeof options !== 'object' || options === null) {
    return "the model's metadata have no object as tickets.text";
  }
  return { text: options as TextOptions, vocabulary: vocabulary.split('\n') };
}

/**
 * Of models that do not say how their data set was divided, any division: they are from before there were data sets whose
 * test side depends on it.
 */
function splitOf(text: string | undefined): ModelData['split'] | undefined {
  if (text === undefined) return { validation: 1, splitSeed: 0 };
  const value = jsonOf(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { validation, seed } = value as Readonly<Record<string, unknown>>;
  return isIndex(validation) && typeof seed === 'number' ? { validation, splitSeed: seed } : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
