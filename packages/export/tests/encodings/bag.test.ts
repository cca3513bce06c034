import { checkModel, decodeModel, tensor } from '@winning-tickets/onnx';
import type { NetworkSpec } from '@winning-tickets/ticket';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SealedTicket } from '../../src/index.js';
import { encodingsFor, exportBytes, exportFileName, exportTicket } from '../../src/index.js';
import { evaluate } from '../support/reference.js';
import { logitsFor } from '../support/runtime.js';
import { bagTicket, makeTicket, networkEncodings, sequenceTicket, smallNetwork } from '../support/tickets.js';

const WORDS = 12;

/** Words of a text with what they count; a number may come twice, and some count nothing. */
const text = fc.array(
  fc.record({
    word: fc.nat({ max: WORDS - 1 }),
    weight: fc.oneof(fc.constant(0), fc.float({ min: 0, max: 2, noNaN: true })),
  }),
  { minLength: 1, maxLength: 9 },
);

async function logitsOf(bytes: Uint8Array, texts: readonly { word: number; weight: number }[][]) {
  const length = Math.max(...texts.map((words) => words.length));
  const padded = texts.map((words) => Array.from({ length }, (_, place) => words[place]));
  const shape = [texts.length, length];
  return await logitsFor(bytes, {
    words: tensor(
      'int32',
      shape,
      Int32Array.from(padded.flat(), (one) => one?.word ?? 0),
    ),
    weights: tensor(
      'float32',
      shape,
      Float32Array.from(padded.flat(), (one) => one?.weight ?? 0),
    ),
  });
}

function written(words: readonly { word: number; weight: number }[]): number[] {
  const bag = new Array<number>(WORDS).fill(0);
  for (const { word, weight } of words) bag[word] = (bag[word] ?? 0) + weight;
  return bag;
}

function expectClose(found: Float32Array, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const largest = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
  found.forEach((value, index) => {
    expect(Math.abs(value - (expected[index] ?? NaN))).toBeLessThanOrEqual(1e-4 * largest);
  });
}

describe('the bag encoding', () => {
  it('computes the trained network from the words that are there, in any order and any batch', async () => {
    const density = fc.constantFrom(0, 0.05, 0.3, 1);
    const recipe = fc.record({ density, seed: fc.nat(), compact: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        recipe,
        fc.array(text, { minLength: 1, maxLength: 5 }),
        async ({ density, seed, compact }, texts) => {
          const ticket = bagTicket(WORDS, () => density, seed);
          const found = await logitsOf(exportBytes(ticket, 'bag', { compact }), texts);
          expectClose(
            found,
            texts.flatMap((words) => evaluate(ticket, written(words))),
          );
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it('takes words and weights of any batch and length, sound as ONNX', () => {
    for (const compact of [false, true]) {
      const model = exportTicket(
        bagTicket(WORDS, () => 0.2),
        'bag',
        { compact },
      );
      expect(checkModel(model)).toEqual([]);
      expect(model.graph.inputs).toEqual([
        { name: 'words', dtype: 'int32', shape: ['batch', 'length'] },
        { name: 'weights', dtype: 'float32', shape: ['batch', 'length'] },
      ]);
      expect(model.graph.outputs).toEqual([{ name: 'logits', dtype: 'float32', shape: ['batch', 3] }]);
      expect(model.metadata['tickets.inputForm']).toBe('bag');
      const bytes = exportBytes(
        bagTicket(WORDS, () => 0.2),
        'bag',
        { compact },
      );
      expect(decodeModel(bytes, 'model')).toEqual(model);
    }
  });

  it('is of the whole network by default, and keeps the numbers of words on the compact one', () => {
    const ticket = bagTicket(WORDS, (name) => (name === 'fc1.weight' ? 0.05 : 1));
    const shapeOf = (compact: boolean) =>
      exportTicket(ticket, 'bag', { compact }).graph.initializers.find(({ name }) => name === 'fc1.weight')
        ?.tensor.shape;
    expect(exportTicket(ticket, 'bag').metadata).not.toHaveProperty(['tickets.compaction']);
    expect(shapeOf(false)).toEqual([WORDS, 6]);
    const { metadata, graph } = exportTicket(ticket, 'bag', { compact: true });
    const { removedInputs, gatheredInputs, removedUnits } = JSON.parse(
      metadata['tickets.compaction'] ?? '',
    ) as { removedInputs: number; gatheredInputs: boolean; removedUnits: { fc1: number } };
    expect(gatheredInputs).toBe(true);
    expect(removedInputs).toBeGreaterThan(0);
    expect(shapeOf(true)).toEqual([WORDS - removedInputs + 1, 6 - removedUnits.fc1]);
    expect(graph.initializers.find(({ name }) => name === 'rows')?.tensor.shape).toEqual([WORDS]);
  });

  it('renumbers no words where all of them live', () => {
    const model = exportTicket(
      bagTicket(WORDS, () => 1),
      'bag',
      { compact: true },
    );
    expect(model.graph.initializers.map(({ name }) => name)).not.toContain('rows');
  });

  it('names its two forms apart', () => {
    const ticket = bagTicket(WORDS, () => 0.5);
    expect(exportFileName(exportTicket(ticket, 'bag'))).toMatch(/-bag\.onnx$/);
    expect(exportFileName(exportTicket(ticket, 'bag', { compact: true }))).toMatch(/-bag-compact\.onnx$/);
  });

  const network = (input: number[], ...layers: NetworkSpec['layers']): SealedTicket =>
    makeTicket({ network: { name: 'other', input, layers }, densities: () => 1, seed: 1 });

  it.each<[string, SealedTicket, string]>([
    [
      'over images',
      makeTicket({ network: smallNetwork, densities: () => 1, seed: 1 }),
      'takes samples of 2 dimensions',
    ],
    ['over sequences', sequenceTicket(), 'takes sequences of words'],
    [
      'with a layer before its first dense one',
      network([4], { kind: 'tanh' }, { kind: 'dense', units: 2 }),
      "has 'tanh1' (tanh) before any dense layer",
    ],
    ['without a dense layer', network([4], { kind: 'flatten' }), 'has no dense layer'],
  ])('refuses a network %s', (_title, ticket, reason) => {
    expect(() => exportTicket(ticket, 'bag')).toThrow(
      `encoding 'bag' is for networks over bags of words, network '${ticket.metadata.network.name}' ${reason}: use another encoding`,
    );
    expect(encodingsFor(ticket).map(({ name }) => name)).toEqual(networkEncodings);
  });

  it('is among the encodings for a network over bags', () => {
    const names = encodingsFor(bagTicket(WORDS, () => 1)).map(({ name }) => name);
    expect(names.toSorted()).toEqual([...networkEncodings, 'bag', 'shared-bag'].toSorted());
  });
});
