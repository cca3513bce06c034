import type { Runtime } from '@winning-tickets/export';
import type { ModelInfo } from '@winning-tickets/onnx';
import { readModelInfo, sizeOf, tensor } from '@winning-tickets/onnx';
import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';
import { readBytes } from './bytes.js';
import { messageOf } from './failures.js';

/** What a model's metadata say about its samples. */
export interface ModelFacts {
  /** Shape of a stored sample. */
  readonly inputShape: readonly number[];
  /** What stored values are multiplied by. */
  readonly inputScale: number;
  /** In the order of the logits. */
  readonly classNames: readonly string[];
  /** Which elements of the flattened stored sample the model takes; undefined for all. */
  readonly liveInputs?: readonly number[] | undefined;
}

/** A model that classifies samples as they are stored. */
export interface Classifier {
  readonly info: ModelInfo;
  readonly facts: ModelFacts;
  /**
   * @param stored samples as stored, `[count, ...inputShape]`
   * @returns logits, `[count, classes]`
   */
  readonly logits: (stored: Uint8Array, count: number) => Promise<Float32Array>;
}

const factsSchema = z.object({
  inputShape: z.array(z.int().min(1)).min(1),
  inputScale: z.number(),
  classNames: z.array(z.string()).min(1),
  liveInputs: z.array(z.int().min(0)).optional(),
});

/** Opens a model file. @throws Error in one sentence when it is no model that this program has exported. */
export async function openClassifier(path: string, runtime: Runtime): Promise<Classifier> {
  const bytes = await readBytes(path);
  const info = readModelInfo(bytes, path);
  const facts = modelFacts(info, path);
  const size = sizeOf(facts.inputShape);
  const shape = facts.liveInputs ? [facts.liveInputs.length] : facts.inputShape;
  checkInput(info, shape, path);
  const run = await runtime(bytes).catch((error: unknown) => {
    throw new Error(`${path}: ONNX Runtime cannot load this model: ${firstLine(error)}`, { cause: error });
  });
  return {
    info,
    facts,
    async logits(stored, count) {
      const places = facts.liveInputs ?? Array.from({ length: size }, (_, index) => index);
      const values = new Float32Array(count * places.length);
      for (let sample = 0; sample < count; sample++) {
        places.forEach((index, place) => {
          values[sample * places.length + place] = (stored[sample * size + index] ?? 0) * facts.inputScale;
        });
      }
      const outputs = await run({ input: tensor('float32', [count, ...shape], values) });
      const data = outputs['logits']?.data;
      if (!(data instanceof Float32Array) || data.length !== count * facts.classNames.length) {
        throw new Error(`${path}: must give 'logits', float32 [${count}, ${facts.classNames.length}]`);
      }
      return data;
    },
  };
}

/** The position of the largest number, the first of equal ones. */
export function indexOfLargest(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? -Infinity) ? index : best), 0);
}

function modelFacts({ metadata }: ModelInfo, path: string): ModelFacts {
  const names = ['inputShape', 'inputScale', 'classNames', 'liveInputs'];
  const entries = names.flatMap((name) => {
    const text = metadata[`tickets.${name}`];
    return text === undefined ? [] : [[name, jsonOf(text)] as const];
  });
  if (entries.length === 0) {
    throw new Error(
      `${path}: its metadata do not tell what it takes (tickets.inputShape, …): export it with tickets`,
    );
  }
  const facts = parse(factsSchema, Object.fromEntries(entries), `${path}, metadata tickets`);
  const size = sizeOf(facts.inputShape);
  if (facts.liveInputs?.some((index) => index >= size)) {
    throw new Error(`${path}: tickets.liveInputs must list indices from 0 to ${size - 1}`);
  }
  return facts;
}

function checkInput({ inputs }: ModelInfo, sampleShape: readonly number[], path: string): void {
  const [input] = inputs;
  const [, ...found] = input?.shape ?? [];
  if (inputs.length === 1 && input?.name === 'input' && found.join() === sampleShape.join()) return;
  throw new Error(
    `${path}: must take one input 'input' of [batch, ${sampleShape.join(', ')}], as its metadata say, found ` +
      inputs.map(({ name, shape }) => `'${name}' of [${shape?.join(', ') ?? '?'}]`).join(' and '),
  );
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
