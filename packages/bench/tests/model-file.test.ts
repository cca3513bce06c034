import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { batchesOf, checkBatchFits, modelData, readModelFiles, wordCount } from '../src/model-file.js';
import { classifier, wordsClassifier, written, removeModels } from './models.js';

afterAll(removeModels);

describe('readModelFiles', () => {
  it('finds the input, the free batch axis and the file size', async () => {
    const file = classifier('free.onnx');
    const [model] = await readModelFiles([file]);
    expect(model).toMatchObject({
      file,
      name: 'free',
      bytes: readFileSync(file).length,
      input: { form: 'dense', name: 'input', sampleShape: [2, 2], fixedBatch: null },
    });
  });

  it('takes a model with a fixed batch at that batch only', async () => {
    const [model] = await readModelFiles([classifier('fixed.onnx', { shape: [3, 2, 2] })]);
    expect(model?.input.fixedBatch).toBe(3);
    expect(model && batchesOf(model.input, [1, 32])).toEqual([3]);
  });

  it('tells the forms of inputs apart', async () => {
    const models = await readModelFiles([
      classifier('dense-form.onnx'),
      wordsClassifier('sequence-form.onnx', 'sequence'),
      wordsClassifier('bag-form.onnx', 'bag'),
      wordsClassifier('shared-bag-form.onnx', 'shared-bag'),
    ]);
    expect(models.map(({ input }) => input)).toEqual([
      { form: 'dense', name: 'input', sampleShape: [2, 2], fixedBatch: null },
      { form: 'sequence', name: 'input', sampleShape: [3], fixedBatch: null },
      { form: 'bag', fixedBatch: null },
      { form: 'shared-bag', fixedBatch: null },
    ]);
  });

  it('names files that share a name by their paths', async () => {
    const file = classifier('same.onnx');
    const other = join(dirname(file), '.', 'same.onnx').replace('/same', '//same');
    const models = await readModelFiles([file, other]);
    expect(models.map(({ name }) => name)).toEqual([file, other]);
  });

  describe('malformed input', () => {
    it('refuses a missing file and a folder', async () => {
      await expect(readModelFiles(['/nowhere/a.onnx'])).rejects.toThrow(
        '/nowhere/a.onnx: there is no such file.',
      );
      await expect(readModelFiles([tmpdir()])).rejects.toThrow('this is a folder');
    });

    it('refuses a foreign file, naming it', async () => {
      const file = written('foreign.onnx', new TextEncoder().encode('<html>not a model</html>'));
      await expect(readModelFiles([file])).rejects.toThrow('foreign.onnx');
    });

    it('refuses a file cut short anywhere, or the runtime would, but never crashes', async () => {
      const bytes = readFileSync(classifier('whole.onnx'));
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
          const file = written('cut.onnx', bytes.subarray(0, length));
          // A cut between two fields leaves a smaller model; it is refused by name or has another size.
          const outcome = await readModelFiles([file]).then(
            ([model]) => model?.bytes === length,
            (error: unknown) => error instanceof Error && error.message.includes('cut.onnx'),
          );
          expect(outcome).toBe(true);
        }),
        { seed: 1, numRuns: 60 },
      );
    });

    it('refuses inputs that are not one tensor of numbers with a batch axis and known sizes', async () => {
      const refused = async (name: string, model: Parameters<typeof classifier>[1]): Promise<string> => {
        const error: unknown = await readModelFiles([classifier(name, model)]).catch((e: unknown) => e);
        return error instanceof Error ? error.message : 'accepted';
      };
      expect(await refused('int.onnx', { dtype: 'int64' })).toContain('found int64 [batch, 2, 2]');
      expect(await refused('scalar.onnx', { shape: [] })).toContain('found float32 []');
      expect(await refused('two.onnx', { inputs: 2 })).toContain('this one has 2 (input, other1)');
      const open = await refused('open.onnx', { shape: ['batch', 'rows'] });
      expect(open).toContain('found float32 [batch, rows]');
    });

    it('refuses a batch that would exhaust the memory', () => {
      const input = { form: 'dense', name: 'input', sampleShape: [1e6], fixedBatch: null } as const;
      const model = { file: 'huge.onnx', name: 'huge', bytes: 1, input, metadata: {} };
      expect(() => {
        checkBatchFits(model, 1000);
      }).toThrow('huge.onnx: a batch of 1000 inputs of shape [1000000] takes more than 1 GiB');
    });
  });
});

describe('modelData', () => {
  const metadata = {
    'tickets.dataset': 'mnist',
    'tickets.datasetChecksum': 'abc',
    'tickets.split': '{"validation":500,"seed":3}',
    'tickets.inputScale': '0.5',
  };

  it('reads data set, checksum, division, scale and live inputs', () => {
    expect(modelData(metadata)).toEqual({
      dataset: 'mnist',
      checksum: 'abc',
      split: { validation: 500, splitSeed: 3 },
      inputScale: 0.5,
      liveInputs: null,
    });
    expect(modelData({ ...metadata, 'tickets.liveInputs': '[0, 3]' })).toMatchObject({ liveInputs: [0, 3] });
  });

  it('takes any division for a model from before the division was written down', () => {
    const { 'tickets.split': _, ...earlier } = metadata;
    expect(modelData(earlier)).toMatchObject({ split: { validation: 1, splitSeed: 0 } });
  });

  it('reads of text how it becomes numbers, and the words', () => {
    const text = { 'tickets.text': '{"kind":"bag","words":2}', 'tickets.vocabulary': 'the\nof' };
    expect(modelData({ ...metadata, ...text })).toMatchObject({
      text: { kind: 'bag', words: 2 },
      vocabulary: ['the', 'of'],
    });
    expect(wordCount(text)).toBe(2);
    expect(wordCount({})).toBe(1);
    expect(modelData({ ...metadata, 'tickets.text': '{}' })).toContain('tickets.vocabulary');
    for (const options of ['[', '3', 'null']) {
      expect(modelData({ ...metadata, ...text, 'tickets.text': options })).toContain(
        'no object as tickets.text',
      );
    }
  });

  it('says what is missing or malformed', () => {
    expect(modelData({})).toContain('tickets.dataset');
    expect(modelData({ ...metadata, 'tickets.inputScale': 'bright' })).toContain('tickets.inputScale');
    for (const split of ['{}', '[', '3', 'null', '{"validation":0.5,"seed":1}']) {
      expect(modelData({ ...metadata, 'tickets.split': split })).toContain('tickets.split');
    }
    for (const list of ['[0, -1]', '{}', '[', '[0.5]']) {
      expect(modelData({ ...metadata, 'tickets.liveInputs': list })).toContain('tickets.liveInputs');
    }
  });
});
