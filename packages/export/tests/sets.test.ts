import { encodeModel, isDType, tensor } from '@winning-tickets/onnx';
import { agreement } from '@winning-tickets/ticket';
import { describe, expect, it } from 'vitest';
import type { TestDataset } from '../src/index.js';
import { encodingsFor, exportBytes, exportTicket, verifyExport } from '../src/index.js';
import { bagDataset } from './support/dataset.js';
import { evaluate } from './support/reference.js';
import { runtime } from './support/runtime.js';
import { bagTicket, uniform } from './support/tickets.js';

const WORDS = 20;
const SAMPLES = 90;

const plain = bagTicket(WORDS, () => 0.5);
const { best } = plain.metadata.metrics;
const ticket = {
  ...plain,
  metadata: { ...plain.metadata, metrics: { best: { ...best, testMicroF1: 0.5 }, end: best } },
};

/** Every sample of the bags written out. */
function rowsOf({ test: { inputs } }: TestDataset): number[][] {
  if (inputs.layout !== 'sparse') throw new Error('expected bags');
  const { offsets, indices, values } = inputs;
  return Array.from({ length: SAMPLES }, (_, sample) => {
    const row = new Array<number>(WORDS).fill(0);
    for (let at = offsets[sample] ?? 0; at < (offsets[sample + 1] ?? 0); at++) {
      row[indices[at] ?? 0] = values[at] ?? 0;
    }
    return row;
  });
}

/** Sets of classes, of which the network gets about nine members in ten right. */
function setsOf(rows: readonly number[][]): { labels: Uint8Array; answers: Uint8Array; logits: number[] } {
  const next = uniform(3);
  const logits = rows.flatMap((row) => evaluate(ticket, row));
  const answers = Uint8Array.from(logits, (logit) => (logit > 0 ? 1 : 0));
  return { logits, answers, labels: answers.map((has) => (next() < 0.9 ? has : 1 - has)) };
}

const bags = bagDataset(ticket, SAMPLES, 4);
const { labels, answers, logits } = setsOf(rowsOf(bags));
const dataset: TestDataset = {
  ...bags,
  test: { ...bags.test, labels: { shape: [SAMPLES, 3], data: labels } },
};

describe('an export for sets of classes', () => {
  it('is proved in every encoding, with the scores that an independent calculation gives', async () => {
    const { accuracy, ...f1 } = agreement(
      tensor('uint8', [SAMPLES, 3], answers),
      tensor('uint8', [SAMPLES, 3], labels),
      3,
    );
    // In the plain form of its definition, which the network's small logits allow.
    const losses = logits.map(
      (logit, at) => -Math.log(1 / (1 + Math.exp(labels[at] === 1 ? -logit : logit))),
    );
    const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
    expect(accuracy).toBeGreaterThan(0.6);
    expect(accuracy).toBeLessThan(0.9);
    for (const { name, accuracyTolerance } of encodingsFor(ticket)) {
      if (accuracyTolerance !== undefined) continue;
      const check = await verifyExport({ ticket, bytes: exportBytes(ticket, name), dataset, run: runtime });
      const scores = { accuracy, referenceAccuracy: accuracy, f1, referenceF1: f1, sameAnswers: 1 };
      expect(check).toMatchObject({ equal: true, samples: SAMPLES, ...scores });
      expect(check.loss).toBeCloseTo(loss, 5);
    }
  });

  it('says so in its metadata, and one for single classes says nothing', () => {
    expect(exportTicket(ticket, 'dense').metadata['tickets.labels']).toBe('set');
    expect(exportTicket(plain, 'dense').metadata).not.toHaveProperty(['tickets.labels']);
  });

  it('is found out when other sets come out', async () => {
    const model = exportTicket(ticket, 'compact');
    const initializers = model.graph.initializers.map((one) =>
      one.name === 'fc2.bias' && isDType(one.tensor, 'float32')
        ? { ...one, tensor: { ...one.tensor, data: one.tensor.data.map((value) => value + 3) } }
        : one,
    );
    const bytes = encodeModel({ ...model, graph: { ...model.graph, initializers } });
    const check = await verifyExport({ ticket, bytes, dataset, run: runtime });
    expect(check.equal).toBe(false);
    expect(check.sameAnswers).toBeLessThan(0.9);
  });

  it('is refused where a label is neither 0 nor 1', async () => {
    const data = labels.with(5, 2);
    const odd = { ...dataset, test: { ...dataset.test, labels: { shape: [SAMPLES, 3], data } } };
    await expect(
      verifyExport({ ticket, bytes: exportBytes(ticket, 'dense'), dataset: odd, run: runtime }),
    ).rejects.toThrow('test labels of news must lie between 0 and 1, found 2');
  });
});
