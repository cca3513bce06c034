import type { Dataset } from '@winning-tickets/datasets';
import { loadDataset } from '@winning-tickets/datasets';
import { afterAll, describe, expect, it } from 'vitest';
import { testAccuracy } from '../src/accuracy.js';
import { benchmark } from '../src/benchmark.js';
import { toCsv } from '../src/csv.js';
import { misfit, noiseBatch, testBatch } from '../src/inputs.js';
import { readModelFiles } from '../src/model-file.js';
import { randomStream } from '../src/random.js';
import { parseBenchResult } from '../src/result.js';
import { createSession } from '../src/session.js';
import { latencyTable, sizeTable } from '../src/tables.js';
import { bagDataset, oneHotDataset, sequenceDataset, wordsClassifier, removeModels } from './models.js';

afterAll(removeModels);

const data = {
  dataset: 'letters',
  checksum: 'abc',
  split: { validation: 1, splitSeed: 0 },
  inputScale: 1,
  liveInputs: null,
  vocabulary: ['a', 'b', 'c', 'd'],
};

const dense = { form: 'dense', name: 'input', sampleShape: [4], fixedBatch: null } as const;
const sequence = { form: 'sequence', name: 'input', sampleShape: [3], fixedBatch: null } as const;
const bag = { form: 'bag', fixedBatch: null } as const;
const sharedBag = { form: 'shared-bag', fixedBatch: null } as const;

async function accuracyOf(
  form: 'dense' | 'sequence' | 'bag' | 'shared-bag',
  dataset: Dataset,
): Promise<unknown> {
  const [file] = await readModelFiles([wordsClassifier(`accuracy-${form}.onnx`, form)]);
  if (!file) throw new Error('no model');
  const session = await createSession(file.file, { provider: 'cpu', threads: 1 });
  try {
    return await testAccuracy(session, file, { dataset, data });
  } finally {
    await session.release();
  }
}

describe('models over text are fed real samples', () => {
  it('with bags written out and as they are, the same accuracy', async () => {
    expect(await accuracyOf('dense', bagDataset())).toEqual({ accuracy: 0.75, samples: 4 });
    expect(await accuracyOf('bag', bagDataset())).toEqual({ accuracy: 0.75, samples: 4 });
    expect(await accuracyOf('shared-bag', bagDataset())).toEqual({ accuracy: 0.75, samples: 4 });
  });

  it('with sets of classes, right where the whole set is', async () => {
    const { test, ...rest } = bagDataset();
    const rows = [
      [1, 0, 0, 1],
      [0, 0, 0, 0],
      [0, 1, 1, 0],
      [0, 1, 0, 1],
    ];
    const labels = { dtype: 'uint8', shape: [4, 4], data: Uint8Array.from(rows.flat()) } as const;
    const dataset = { ...rest, test: { ...test, labels } };
    expect(await accuracyOf('shared-bag', dataset)).toEqual({ accuracy: 0.75, samples: 4 });
  });

  it('with sequences', async () => {
    expect(await accuracyOf('sequence', sequenceDataset())).toEqual({ accuracy: 2 / 3, samples: 3 });
  });

  it('padded to the longest bag of the batch, the rest of the batch empty', () => {
    const { words, weights } = testBatch(bag, { dataset: bagDataset(), data }, [2, 0], 3);
    expect(words?.dims).toEqual([3, 2]);
    expect(words?.data).toEqual(Int32Array.of(2, 0, 0, 3, 0, 0));
    expect(weights?.data).toEqual(Float32Array.of(1, 0, 1, 2, 0, 0));
    expect(testBatch(bag, { dataset: bagDataset(), data }, [1], 1)['words']?.dims).toEqual([1, 1]);
  });

  it('with each word of the batch once where they are shared', () => {
    const { words, weights } = testBatch(sharedBag, { dataset: bagDataset(), data }, [2, 0], 3);
    expect(words?.data).toEqual(Int32Array.of(0, 2, 3));
    expect(weights?.dims).toEqual([3, 3]);
    expect(weights?.data).toEqual(Float32Array.of(0, 1, 0, 1, 0, 2, 0, 0, 0));
    const empty = testBatch(sharedBag, { dataset: bagDataset(), data }, [1], 1);
    expect(empty['words']?.data).toEqual(Int32Array.of(0));
  });

  it('with the live words alone where a model takes just those', () => {
    const live = { dataset: bagDataset(), data: { ...data, liveInputs: [1, 3] } };
    const { input } = testBatch({ ...dense, sampleShape: [2] }, live, [0, 3], 2);
    expect(input?.data).toEqual(Float32Array.of(0, 2, 3, 1));
    const { words, weights } = testBatch(bag, live, [0, 3], 2);
    expect(words?.data).toEqual(Int32Array.of(1, 0, 0, 1));
    expect(weights?.data).toEqual(Float32Array.of(2, 0, 3, 1));
  });

  it('as bags also of images', () => {
    const dataset = oneHotDataset([3, 1], [0, 0]);
    const { words, weights } = testBatch(bag, { dataset, data: { ...data, inputScale: 1 / 255 } }, [0, 1], 2);
    expect(words?.data).toEqual(Int32Array.of(3, 1));
    expect(weights?.data).toEqual(Float32Array.of(1, 1));
  });
});

describe('misfit', () => {
  it('finds nothing wrong with the right data', () => {
    for (const input of [dense, bag]) expect(misfit(input, { dataset: bagDataset(), data })).toBeUndefined();
    expect(misfit(sequence, { dataset: sequenceDataset(), data })).toBeUndefined();
  });

  it('names the first word that differs', () => {
    const other = { ...data, vocabulary: ['a', 'b', 'x', 'd'] };
    const sentence = 'word 2 of the model is "x", that of the data found "c"';
    expect(misfit(bag, { dataset: bagDataset(), data: other })).toBe(sentence);
    const shorter = { ...data, vocabulary: ['a', 'b', 'c'] };
    expect(misfit(bag, { dataset: bagDataset(), data: shorter })).toContain('word 3 of the model is none');
  });

  it('refuses sequences for numbers and numbers for sequences', () => {
    expect(misfit(bag, { dataset: sequenceDataset(), data })).toContain('the model takes numbers');
    expect(misfit(sequence, { dataset: bagDataset(), data })).toContain('the model takes sequences of words');
    expect(misfit({ ...dense, sampleShape: [5] }, { dataset: bagDataset(), data })).toContain(
      'takes 5 values',
    );
  });
});

describe('noise', () => {
  const metadata = { 'tickets.vocabulary': 'a\nb\nc\nd' };

  it('has words that the model knows, of which 0 alone is certain where it tells of none', () => {
    for (const input of [sequence, bag]) {
      const name = input.form === 'bag' ? 'words' : 'input';
      const known = noiseBatch({ input, metadata }, 20, randomStream(1))[name]?.data as Int32Array;
      expect(new Set(known)).toEqual(new Set([0, 1, 2, 3]));
      const unknown = noiseBatch({ input, metadata: {} }, 20, randomStream(1))[name]?.data as Int32Array;
      expect(new Set(unknown)).toEqual(new Set([0]));
    }
  });
});

describe('a benchmark over text', () => {
  it('feeds test documents to each form, and tells the forms apart everywhere', async () => {
    const source = { id: 'reuters-46', validation: 898, splitSeed: 0 };
    const text = { kind: 'bag', words: 4, weights: 'count' } as const;
    const { checksum, vocabulary = [] } = await loadDataset({ ...source, text });
    const metadata = {
      'tickets.dataset': 'reuters-46',
      'tickets.datasetChecksum': checksum,
      'tickets.split': '{"validation":898,"seed":0}',
      'tickets.inputScale': '1',
      'tickets.text': JSON.stringify(text),
      'tickets.vocabulary': vocabulary.join('\n'),
    };
    const result = await benchmark({
      files: [
        wordsClassifier('d.onnx', 'dense', metadata),
        wordsClassifier('b.onnx', 'bag', metadata),
        wordsClassifier('s.onnx', 'sequence'),
        wordsClassifier('o.onnx', 'bag', { ...metadata, 'tickets.vocabulary': 'a\nb\nc\nd' }),
      ],
      ...{ seed: 1, batches: [1, 4], repeats: 2, blockMillis: 1, warmupMillis: 1 },
      ...{ sessionCreations: 1, memoryProcesses: 1 },
    });
    const [d, b, s, o] = result.models;
    expect(d?.testAccuracy?.samples).toBe(2_246);
    expect(b?.testAccuracy).toEqual(d?.testAccuracy);
    expect(result.models.map(({ inputForm }) => inputForm)).toEqual(['dense', 'bag', 'sequence', 'bag']);
    expect(result.models.map(({ inputs }) => inputs)).toEqual([
      ...['test samples', 'test samples', 'noise', 'noise'],
    ]);
    expect(s?.notes.join(' ')).toContain('does not name its data set');
    expect(o?.notes.join(' ')).toContain(
      `word 0 of the model is "a", that of the data found "${vocabulary[0] ?? ''}"`,
    );
    expect(sizeTable(result).rows.map(([name]) => name)).toEqual(['d', 'b (bag)', 's (sequence)', 'o (bag)']);
    expect(latencyTable(result).rows.map(([name]) => name)).toContain('b (bag)');
    expect(toCsv(result).size.split('\r\n')[2]).toMatch(/,b,bag,/);
    expect(toCsv(result).latency).toMatch(/,s,sequence,4,/);
    expect(parseBenchResult(JSON.parse(JSON.stringify(result)), 'x')).toEqual(result);
    const { inputForm: _, ...earlier } = d ?? {};
    expect(parseBenchResult({ ...result, models: [earlier] }, 'x').models[0]).not.toHaveProperty('inputForm');
  });
});
