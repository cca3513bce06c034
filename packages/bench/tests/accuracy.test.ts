import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { testAccuracy } from '../src/accuracy.js';
import { misfit } from '../src/inputs.js';
import type { TestSamples } from '../src/inputs.js';
import { readModelFiles } from '../src/model-file.js';
import { createSession } from '../src/session.js';
import { classifier, oneHotDataset, removeModels } from './models.js';
import type { TestModel } from './models.js';

afterAll(removeModels);

const setup = { provider: 'cpu', threads: 1 } as const;
const data = {
  dataset: 'one-hot',
  checksum: 'abc',
  split: { validation: 1, splitSeed: 0 },
  inputScale: 1 / 255,
  liveInputs: null,
};

async function accuracyOf(model: TestModel, samples: TestSamples): Promise<unknown> {
  const [file] = await readModelFiles([classifier('accuracy.onnx', model)]);
  if (!file) throw new Error('no model');
  const session = await createSession(file.file, setup);
  try {
    return await testAccuracy(session, file, samples);
  } finally {
    await session.release();
  }
}

describe('testAccuracy', () => {
  it('is the share of samples whose largest logit is at their label', async () => {
    const classes = fc.integer({ min: 0, max: 3 });
    const pairs = fc.array(fc.tuple(classes, classes), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pairs, async (pairs) => {
        const dataset = oneHotDataset(
          pairs.map(([shown]) => shown),
          pairs.map(([, label]) => label),
        );
        const correct = pairs.filter(([shown, label]) => shown === label).length;
        const expected = { accuracy: correct / pairs.length, samples: pairs.length };
        expect(await accuracyOf({}, { dataset, data })).toEqual(expected);
        // A last batch that is not full counts no more than its samples.
        expect(await accuracyOf({ shape: [5, 2, 2] }, { dataset, data })).toEqual(expected);
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  it('gives a model of live inputs only those', async () => {
    const dataset = oneHotDataset([3, 1], [0, 1]);
    const live = { dataset, data: { ...data, liveInputs: [3, 1] } };
    expect(
      misfit({ form: 'dense', name: 'input', sampleShape: [2], fixedBatch: null }, live),
    ).toBeUndefined();
    expect(await accuracyOf({ shape: ['batch', 2], classes: 2 }, live)).toEqual({ accuracy: 1, samples: 2 });
  });
});

describe('misfit', () => {
  const dataset = oneHotDataset([0], [0]);
  const input = { form: 'dense', name: 'input', sampleShape: [2, 2], fixedBatch: null } as const;

  it('refuses another checksum, naming both', () => {
    const sentence = misfit(input, { dataset, data: { ...data, checksum: 'def' } });
    expect(sentence).toBe('the model is for one-hot with checksum def, the data found has abc');
  });

  it('refuses samples of another size, and live inputs that reach beyond a sample', () => {
    expect(misfit({ ...input, sampleShape: [3] }, { dataset, data })).toContain('takes 3 values a sample');
    const beyond = { dataset, data: { ...data, liveInputs: [0, 1, 2, 4] } };
    expect(misfit(input, beyond)).toContain('reach beyond the 4 values');
  });

  it('finds nothing wrong with the right data', () => {
    expect(misfit(input, { dataset, data })).toBeUndefined();
  });
});
