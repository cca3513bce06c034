import type { Tensors } from '@winning-tickets/onnx';
import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Dataset, TextOptions } from '@winning-tickets/datasets';
import { exportBytes, verifyExport } from '@winning-tickets/export';
import type { Masks, NetworkSpec, Ticket } from '@winning-tickets/ticket';
import { applyMasks, decodeTicket, density, encodeTicket, resolveNetwork } from '@winning-tickets/ticket';
import { resolveExperiment } from '@winning-tickets/train';
import { withRuntime } from '../src/runtime.js';

export interface Drawing {
  readonly network: NetworkSpec;
  readonly dataset: Dataset;
  readonly split: { readonly seed: number; readonly validation: number };
  readonly text?: TextOptions;
}

/** The file of a ticket that nobody trained: a tenth of the first weights, with what it says of the test samples. */
export async function drawnTicket(drawing: Drawing): Promise<Uint8Array> {
  const { dataset } = drawing;
  const ticket = drawn(drawing);
  const sealed = decodeTicket(encodeTicket(ticket).bytes, 'drawn');
  const { referenceAccuracy, referenceLoss } = await withRuntime((run) =>
    verifyExport({ ticket: sealed, bytes: exportBytes(sealed, 'dense'), dataset, run }),
  );
  const measured = {
    ...ticket.metadata.metrics.best,
    testAccuracy: referenceAccuracy,
    testLoss: referenceLoss,
  };
  const metadata = { ...ticket.metadata, metrics: { best: measured, end: measured } };
  return encodeTicket({ ...ticket, metadata }).bytes;
}

function drawn({ network, dataset, split, text }: Drawing): Ticket {
  const { parameters } = resolveNetwork(network);
  const masks: Masks = Object.fromEntries(
    parameters
      .filter(({ prunable }) => prunable)
      .map(({ name, shape }, place) => {
        const kept = Uint8Array.from({ length: sizeOf(shape) }, (_, index) =>
          place > 0 || index % 10 === 3 ? 1 : 0,
        );
        return [name, tensor('uint8', shape, kept)];
      }),
  );
  const values: Tensors = Object.fromEntries(
    parameters.map(({ name, shape }) => {
      const wave = Float32Array.from({ length: sizeOf(shape) }, (_, index) => Math.sin(1 + 7 * index));
      return [name, tensor('float32', shape, wave)];
    }),
  );
  const masked = applyMasks(values, masks);
  const measured = { iteration: 0, validationLoss: 0, validationAccuracy: 0, testLoss: 0, testAccuracy: 0 };
  const { id, checksum, inputShape, inputScale, vocabulary, wordWeights } = dataset;
  return {
    metadata: {
      format: 'winning-tickets/1',
      network,
      dataset: {
        ...{ id, checksum, inputScale, inputShape, classNames: [...dataset.classNames] },
        split: { ...split, train: 1, test: 1 },
        ...(text && vocabulary ? { text, words: vocabulary.length } : {}),
      },
      experiment: resolveExperiment({
        ...{ name: 'drawn', network, optimizer: { kind: 'sgd', rate: 1 }, trials: 1, seed: 1 },
        dataset: { id, validation: split.validation, splitSeed: split.seed, ...(text ? { text } : {}) },
        ...{ batchSize: 1, iterations: 1, evaluateEvery: 1, pruning: { rate: 0.5, levels: 1 } },
      }),
      trial: 1,
      branch: 'iterative',
      level: 1,
      seed: 1,
      density: density(masks),
      metrics: { best: measured, end: measured },
      software: {},
    },
    initial: values,
    masks,
    trained: masked,
    best: masked,
    ...(vocabulary ? { vocabulary } : {}),
    ...(wordWeights ? { wordWeights } : {}),
  };
}
