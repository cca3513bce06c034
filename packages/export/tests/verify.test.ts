import { encodeModel, isDType, tensor } from '@winning-tickets/onnx';
import type { Model } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SealedTicket, TestDataset } from '../src/index.js';
import { exportBytes, exportTicket, verifyExport } from '../src/index.js';
import { testDataset } from './support/dataset.js';
import { evaluate } from './support/reference.js';
import { runtime } from './support/runtime.js';
import { anyTicket, lenetTicket, makeTicket, sampleEncodings, smallNetwork } from './support/tickets.js';

const ticket = makeTicket({ network: smallNetwork, densities: () => 0.6, seed: 11 });
const dataset = testDataset(ticket, 600, 12);

function verify(bytes: Uint8Array, of: SealedTicket = ticket, on: TestDataset = dataset) {
  return verifyExport({ ticket: of, bytes, dataset: on, run: runtime });
}

/** An export whose parameters went through a function. */
function damaged(encoding: string, change: (values: Float32Array, name: string) => Float32Array): Uint8Array {
  const model: Model = exportTicket(ticket, encoding);
  const initializers = model.graph.initializers.map((initializer) => {
    const { name, tensor: values } = initializer;
    if (!isDType(values, 'float32')) return initializer;
    return { name, tensor: tensor('float32', values.shape, change(values.data, name)) };
  });
  return encodeModel({ ...model, graph: { ...model.graph, initializers } });
}

describe('an export is proved', () => {
  it('equal to the trained network whatever the ticket: the same number right, logits within tolerance', async () => {
    await fc.assert(
      fc.asyncProperty(anyTicket, fc.constantFrom(...sampleEncodings), async (any, encoding) => {
        const check = await verify(exportBytes(any, encoding), any, testDataset(any, 20, 1));
        expect(check.problem).toBeUndefined();
        expect(check.equal).toBe(true);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('with the accuracy and loss that the network has by an independent calculation', async () => {
    const check = await verify(exportBytes(ticket, 'dense'));
    const { inputs, labels } = dataset.test;
    if (inputs.layout === 'sparse') throw new Error('expected dense samples');
    let correct = 0;
    let loss = 0;
    labels.data.forEach((label, sample) => {
      const stored = Array.from(inputs.data.subarray(sample * 6, sample * 6 + 6));
      const logits = evaluate(
        ticket,
        stored.map((value) => value / 255),
      );
      if (logits.indexOf(Math.max(...logits)) === label) correct += 1;
      loss += Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - (logits[label] ?? NaN);
    });
    expect(check.samples).toBe(600);
    expect(check.accuracy).toBe(correct / 600);
    expect(check.referenceAccuracy).toBe(correct / 600);
    expect(check.loss).toBeCloseTo(loss / 600, 5);
    expect(check.referenceLoss).toBe(check.loss);
    expect(check.maxLogitDifference).toBe(0);
  });

  it('when it takes just the live inputs', async () => {
    const check = await verify(exportBytes(ticket, 'compact', { liveInputs: true }));
    expect(check).toMatchObject({ samples: 600, equal: true });
  });

  it('at the size of LeNet-300-100', async () => {
    const lenet = makeTicket(lenetTicket);
    const on = testDataset(lenet, 100, 2);
    for (const encoding of sampleEncodings) {
      expect(await verify(exportBytes(lenet, encoding), lenet, on)).toMatchObject({
        samples: 100,
        equal: true,
      });
    }
  });
});

describe('a model that is not equal is found out', () => {
  it('dense: a bias off by a hundred-thousandth', async () => {
    const bytes = damaged('dense', (values, name) =>
      name === 'fc2.bias' ? values.map((v) => v + 1e-5) : values,
    );
    const check = await verify(bytes);
    expect(check.equal).toBe(false);
    expect(check.problem).toMatch(/^a logit differs by /);
  });

  it('compact: a bias off by more than rounding', async () => {
    const bytes = damaged('compact', (values, name) =>
      name === 'fc2.bias' ? values.map((v) => v + 0.01) : values,
    );
    expect(await verify(bytes)).toMatchObject({ equal: false });
  });

  it('a logit that is not finite', async () => {
    const bytes = damaged('compact', (values, name) =>
      name === 'fc2.bias' ? values.map(() => NaN) : values,
    );
    const check = await verify(bytes);
    expect(check.equal).toBe(false);
    expect(check.problem).toBe('a logit of one of the two networks is not a finite number');
  });

  it('another number of samples right, however close the logits', async () => {
    // The first two classes always tie in the trained network, where the first wins; a hair decides otherwise.
    const weight = tensor('float32', [4, 3], new Float32Array(12));
    const bias = tensor('float32', [3], Float32Array.of(1, 1, 0));
    const tied = { ...ticket, best: { ...ticket.best, 'fc2.weight': weight, 'fc2.bias': bias } };
    const model = exportTicket(tied, 'compact');
    const hair = tensor('float32', [3], Float32Array.of(1, 1 + 1e-6, 0));
    const initializers = model.graph.initializers.map((initializer) =>
      initializer.name === 'fc2.bias' ? { ...initializer, tensor: hair } : initializer,
    );
    const bytes = encodeModel({ ...model, graph: { ...model.graph, initializers } });
    const check = await verify(
      bytes,
      tied,
      withLabels(() => 0),
    );
    expect(check.accuracy).toBe(0);
    expect(check.referenceAccuracy).toBe(1);
    expect(check.problem).toBe(
      'the exported model classifies 0 of 600 samples correctly, the trained network 600',
    );
  });
});

describe('a comparison that makes no sense is refused', () => {
  it('with the export of another ticket', async () => {
    const other = makeTicket({ network: smallNetwork, densities: () => 0.6, seed: 13 });
    await expect(verify(exportBytes(other, 'dense'))).rejects.toThrow(
      `the model is not an export of ticket ${ticket.hash.slice(0, 12)}: its metadata name ${other.hash.slice(0, 12)}`,
    );
  });

  it('with live inputs that the network does not have', async () => {
    const model = exportTicket(ticket, 'compact', { liveInputs: true });
    for (const liveInputs of ['[0,6]', '[-1]', '[0.5]', '7', '[0', '']) {
      const metadata = { ...model.metadata, 'tickets.liveInputs': liveInputs };
      await expect(verify(encodeModel({ ...model, metadata }))).rejects.toThrow(
        'the exported model: tickets.liveInputs must list indices from 0 to 5',
      );
    }
  });

  it('on another data set', async () => {
    await expect(
      verify(exportBytes(ticket, 'dense'), ticket, { ...dataset, checksum: 'cd'.repeat(32) }),
    ).rejects.toThrow(
      'the ticket was trained on mnist with checksum abababababab, found mnist with cdcdcdcdcdcd',
    );
  });

  it('on samples of another shape', async () => {
    const inputs = { ...dataset.test.inputs, shape: [600, 3, 2] };
    await expect(
      verify(exportBytes(ticket, 'dense'), ticket, { ...dataset, test: { ...dataset.test, inputs } }),
    ).rejects.toThrow('test inputs of mnist must have shape [600, 2, 3], found [600, 3, 2]');
  });

  it('with a label that the network has no logit for', async () => {
    await expect(
      verify(
        exportBytes(ticket, 'dense'),
        ticket,
        withLabels(() => 3),
      ),
    ).rejects.toThrow('test labels of mnist must lie between 0 and 2, found 3');
  });

  it('without samples', async () => {
    const test = {
      inputs: { shape: [0, 2, 3], data: new Uint8Array() },
      labels: { shape: [0], data: new Int32Array() },
    };
    await expect(verify(exportBytes(ticket, 'dense'), ticket, { ...dataset, test })).rejects.toThrow(
      'mnist has no test samples to compare on',
    );
  });

  it('with a runtime that gives no logits', async () => {
    const bytes = exportBytes(ticket, 'dense');
    const run = () => Promise.resolve(() => Promise.resolve({}));
    await expect(verifyExport({ ticket, bytes, dataset, run })).rejects.toThrow(
      'the trained network: logits must be float32 [250, 3], found no such output',
    );
  });
});

function withLabels(label: () => number): TestDataset {
  const labels = { shape: [600], data: Int32Array.from({ length: 600 }, label) };
  return { ...dataset, test: { ...dataset.test, labels } };
}
