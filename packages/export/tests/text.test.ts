import { encodeModel, tensor } from '@winning-tickets/onnx';
import { describe, expect, it } from 'vitest';
import type { EncodingOptions, SealedTicket, TestDataset } from '../src/index.js';
import type { Encoding } from '../src/index.js';
import { encodings, encodingsFor, exportBytes, exportTicket, feedsOf, verifyExport } from '../src/index.js';
import { bagDataset, sparse, testDataset } from './support/dataset.js';
import { runtime } from './support/runtime.js';
import {
  bagTicket,
  makeTicket,
  networkEncodings,
  sampleEncodings,
  sequenceTicket,
  smallNetwork,
  uniform,
} from './support/tickets.js';

const bags = bagTicket(20, (name) => (name === 'fc1.weight' ? 0.1 : 0.8));
const bagData = bagDataset(bags, 130, 3);
const sequences = sequenceTicket();
const sequenceData = sequencesFor(sequences, 300);

function sequencesFor({ metadata, vocabulary }: SealedTicket, count: number): TestDataset {
  const next = uniform(8);
  const draw = (below: number) => () => Math.floor(next() * below);
  const data = Int32Array.from({ length: count * 4 }, draw(10));
  const labels = Int32Array.from({ length: count }, draw(3));
  const { id, checksum } = metadata.dataset;
  return {
    id,
    checksum,
    ...(vocabulary ? { vocabulary } : {}),
    test: { inputs: { shape: [count, 4], data }, labels: { shape: [count], data: labels } },
  };
}

function verify(ticket: SealedTicket, dataset: TestDataset, encoding: string, options: EncodingOptions = {}) {
  return verifyExport({ ticket, bytes: exportBytes(ticket, encoding, options), dataset, run: runtime });
}

describe('an export over text is proved', () => {
  it('on bags of words, in every encoding and with each of its switches', async () => {
    const accuracies = new Set<number>();
    // Those that round are proved by other measures, in encodings/rounding.test.ts.
    for (const { name, options } of encodings.filter(isExact)) {
      for (const choice of [{}, ...Object.keys(options).map((option) => ({ [option]: true }))]) {
        const check = await verify(bags, bagData, name, choice);
        expect(check).toMatchObject({ samples: 130, equal: true });
        accuracies.add(check.accuracy);
      }
    }
    expect(accuracies.size).toBe(1);
    expect([...accuracies][0]).toBeGreaterThan(0.6);
  });

  it('on sequences of words', async () => {
    expect(encodingsFor(sequences).map(({ name }) => name)).toEqual(networkEncodings);
    for (const encoding of sampleEncodings) {
      expect(await verify(sequences, sequenceData, encoding)).toMatchObject({ samples: 300, equal: true });
    }
  });

  it('as a bag also of samples with every value written out', async () => {
    const network = { ...smallNetwork, input: [6] };
    const ticket = makeTicket({ network, densities: () => 0.6, seed: 2 });
    expect(await verify(ticket, testDataset(ticket, 50, 1), 'bag')).toMatchObject({ equal: true });
  });

  it('and found out when it is not equal', async () => {
    const model = exportTicket(bags, 'bag');
    const bias = tensor('float32', [3], Float32Array.of(9, 8, 7));
    const initializers = model.graph.initializers.map((one) =>
      one.name === 'fc2.bias' ? { ...one, tensor: bias } : one,
    );
    const bytes = encodeModel({ ...model, graph: { ...model.graph, initializers } });
    const check = await verifyExport({ ticket: bags, bytes, dataset: bagData, run: runtime });
    expect(check.problem).toMatch(/^a logit differs by /);
  });
});

const isExact = ({ accuracyTolerance }: Encoding) => accuracyTolerance === undefined;

describe('an exported model over text says how to feed it', () => {
  it('with its words, their weights and the options', () => {
    for (const { name } of encodingsFor(bags).filter(isExact)) {
      const { metadata } = exportTicket(bags, name);
      expect(metadata['tickets.text']).toBe('{"kind":"bag","words":20,"weights":"tf-idf"}');
      expect(metadata['tickets.vocabulary']?.split('\n')).toEqual(bags.vocabulary);
      const weights = JSON.parse(metadata['tickets.wordWeights'] ?? '') as number[];
      expect(weights).toHaveLength(20);
      weights.forEach((weight, word) => {
        expect(weight).toBeCloseTo(bags.wordWeights?.[word] ?? NaN, 7);
      });
      expect(metadata['tickets.inputForm']).toBe(name.endsWith('bag') ? name : undefined);
    }
    for (const encoding of sampleEncodings) {
      const { metadata } = exportTicket(sequences, encoding);
      expect(metadata['tickets.inputForm']).toBe('sequence');
      expect(metadata['tickets.vocabulary']?.split('\n')).toEqual(sequences.vocabulary);
      expect(metadata).not.toHaveProperty(['tickets.wordWeights']);
    }
  });

  it('and one over images says nothing of it', () => {
    const ticket = makeTicket({ network: smallNetwork, densities: () => 1, seed: 1 });
    const keys = Object.keys(exportTicket(ticket, 'dense').metadata);
    expect(keys.filter((key) => /text|vocabulary|wordWeights|inputForm/.test(key))).toEqual([]);
  });
});

describe('data that are not those of the ticket are refused', () => {
  const refused = async (ticket: SealedTicket, data: TestDataset): Promise<string> => {
    const error: unknown = await verify(ticket, data, 'dense').catch((e: unknown) => e);
    return error instanceof Error ? error.message : 'accepted';
  };

  it('with another word, named with its number', async () => {
    const vocabulary = bags.vocabulary?.with(7, 'other') ?? [];
    expect(await refused(bags, { ...bagData, vocabulary })).toBe(
      'the words of news are not those that the ticket was trained on: word 7 must be "word7", found "other"',
    );
  });

  it('with other weights of the words, or none', async () => {
    const wordWeights = bags.wordWeights?.map((weight) => weight * 2) ?? new Float64Array();
    expect(await refused(bags, { ...bagData, wordWeights })).toContain('the weight of word 0 must be 1');
    const { wordWeights: _, ...without } = bagData;
    expect(await refused(bags, without)).toContain('found none');
  });

  it('with sets of other classes', async () => {
    const labels = { shape: [130, 4], data: new Uint8Array(520) };
    expect(await refused(bags, { ...bagData, test: { ...bagData.test, labels } })).toBe(
      'test labels of news must have shape [130, 3], found [130, 4] with 520 values',
    );
  });

  it('with bags in place of sequences, and the other way round', async () => {
    const { test } = sequenceData;
    const asBags = {
      ...test,
      inputs: sparse(
        Array.from({ length: 300 }, () => [0, 1, 0, 2]),
        4,
      ),
    };
    expect(await refused(sequences, { ...sequenceData, test: asBags })).toBe(
      "network 'sequences' takes sequences of words, samples of news are bags of words",
    );
    const numbers = { shape: [130, 20], data: new Int32Array(2600) };
    expect(await refused(bags, { ...bagData, test: { ...bagData.test, inputs: numbers } })).toBe(
      "network 'bags' takes numbers, samples of news are sequences of words",
    );
  });

  it('with rows of another width or number', async () => {
    const inputs = sparse(
      Array.from({ length: 130 }, () => [1]),
      19,
    );
    expect(await refused(bags, { ...bagData, test: { ...bagData.test, inputs } })).toBe(
      'test inputs of news must have shape [130, 20], found [130, 19]',
    );
    const short = { ...sparse([[1]], 20), shape: [130, 20] };
    expect(await refused(bags, { ...bagData, test: { ...bagData.test, inputs: short } })).toMatch(
      /^test inputs of news/,
    );
  });

  it('as is a model that names another form of inputs', async () => {
    const model = exportTicket(bags, 'bag');
    const metadata = { ...model.metadata, 'tickets.inputForm': 'bags' };
    await expect(
      verifyExport({
        ticket: bags,
        bytes: encodeModel({ ...model, metadata }),
        dataset: bagData,
        run: runtime,
      }),
    ).rejects.toThrow(
      'the exported model: tickets.inputForm must be one of dense, sequence, bag, shared-bag, found bags',
    );
  });
});

describe('what a model is fed', () => {
  const inputs = sparse(
    [
      [0, 2, 0, 1],
      [0, 0, 0, 0],
      [3, 0, 0, 0],
    ],
    4,
  );
  const layout = { inputShape: [4], inputScale: 1 };

  it('is as long as the longest bag of the batch, padded with what weighs nothing', () => {
    const { words, weights } = feedsOf(inputs, 0, 3, { ...layout, form: 'bag' });
    expect(words).toMatchObject({ shape: [3, 2], data: Int32Array.of(1, 3, 0, 0, 0, 0) });
    expect(weights).toMatchObject({ shape: [3, 2], data: Float32Array.of(2, 1, 0, 0, 3, 0) });
    // Never of no length at all.
    expect(feedsOf(inputs, 1, 2, { ...layout, form: 'bag' })['words']?.shape).toEqual([1, 1]);
  });

  it('is each word of the batch once where they are shared', () => {
    const { words, weights } = feedsOf(inputs, 0, 3, { ...layout, form: 'shared-bag' });
    expect(words).toMatchObject({ shape: [3], data: Int32Array.of(0, 1, 3) });
    expect(weights).toMatchObject({ shape: [3, 3], data: Float32Array.of(0, 2, 1, 0, 0, 0, 3, 0, 0) });
    const none = feedsOf(inputs, 1, 2, { ...layout, form: 'shared-bag' });
    expect(none).toMatchObject({ words: { data: Int32Array.of(0) }, weights: { shape: [1, 1] } });
  });

  it('is of bags the live words alone, by their places in the list', () => {
    const live = { ...layout, liveInputs: [1, 2] };
    const { words, weights } = feedsOf(inputs, 0, 3, { ...live, form: 'bag' });
    expect(words).toMatchObject({ shape: [3, 1], data: Int32Array.of(0, 0, 0) });
    expect(weights).toMatchObject({ data: Float32Array.of(2, 0, 0) });
    const shared = feedsOf(inputs, 0, 3, { ...live, form: 'shared-bag' });
    expect(shared).toMatchObject({ words: { data: Int32Array.of(0) }, weights: { shape: [3, 1] } });
  });

  it('is a few rows written out, never the whole matrix, and the live values alone where asked', () => {
    expect(feedsOf(inputs, 1, 3, { ...layout, form: 'dense' })['input']).toEqual({
      dtype: 'float32',
      shape: [2, 4],
      data: Float32Array.of(0, 0, 0, 0, 3, 0, 0, 0),
    });
    const live = feedsOf(inputs, 0, 1, { ...layout, form: 'dense', liveInputs: [1, 3] });
    expect(live['input']).toMatchObject({ shape: [1, 2], data: Float32Array.of(2, 1) });
  });

  it('is never a bag for a model over sequences', () => {
    expect(() => feedsOf(inputs, 0, 1, { ...layout, form: 'sequence' })).toThrow(
      'bags of words do not enter a network over sequences',
    );
  });
});
