import type { Tensors } from '@winning-tickets/onnx';
import { shapeText, sizeOf, tensor } from '@winning-tickets/onnx';
import type { Labels, Network, Words } from '@winning-tickets/ticket';
import { wordsMismatch } from '@winning-tickets/ticket';
import type { InputLayout, StoredInputs } from './feeds.js';
import { feedsOf } from './feeds.js';
import type { SealedTicket } from './sealed-ticket.js';

/** Samples as data sets store them. */
export interface TestSamples {
  readonly inputs: StoredInputs;
  /** One class number each, int32 `[count]`, or sets of classes, uint8 `[count, classes]`: 1 for a class that it has. */
  readonly labels: {
    readonly shape: readonly number[];
    readonly data: Int32Array | Uint8Array;
  };
}

/** The part of a data set that a check needs, for text with its words. */
export interface TestDataset extends Words {
  readonly id: string;
  /** SHA-256 over the data set's files, in hex. */
  readonly checksum: string;
  readonly test: TestSamples;
  /** For encodings that round by how large activations get: what they see. */
  readonly train?: Pick<TestSamples, 'inputs'>;
}

export interface TestBatch {
  /** What the trained network takes. */
  readonly whole: Tensors;
  /** What the exported model takes. */
  readonly exported: Tensors;
  readonly count: number;
}

/**
 * The labels of a data set's test samples: class numbers, or sets of classes.
 *
 * @param classes number of logits; class numbers lie below it, sets are of as many.
 * @throws Error when a data set is not the ticket's, or its test samples do not fit the ticket.
 */
export function checkedLabels(
  { id, checksum, test, ...words }: TestDataset,
  { metadata: { dataset }, ...ticket }: SealedTicket,
  network: Network,
  classes: number,
): Labels {
  if (checksum !== dataset.checksum) {
    throw new Error(
      `the ticket was trained on ${dataset.id} with checksum ${dataset.checksum.slice(0, 12)}, ` +
        `found ${id} with ${checksum.slice(0, 12)}; get the same files`,
    );
  }
  const mismatch = wordsMismatch(ticket, words);
  if (mismatch !== undefined) {
    throw new Error(`the words of ${id} are not those that the ticket was trained on: ${mismatch}`);
  }
  const { inputs } = test;
  const [count = 0] = test.labels.shape;
  const expected = [count, ...dataset.inputShape];
  const found = inputs.layout === 'sparse' ? inputs.offsets.length - 1 : inputs.data.length;
  const whole = inputs.layout === 'sparse' ? count : sizeOf(expected);
  if (shapeText(inputs.shape) !== shapeText(expected) || found !== whole) {
    throw new Error(
      `test inputs of ${id} must have shape ${shapeText(expected)}, found ${shapeText(inputs.shape)}`,
    );
  }
  if (sizeOf(dataset.inputShape) !== sizeOf(network.inputShape)) {
    throw new Error(
      `samples of ${id} have shape ${shapeText(dataset.inputShape)}, ` +
        `network '${network.spec.name}' takes ${shapeText(network.inputShape)}`,
    );
  }
  checkKind(inputs, network, id);
  if (count === 0) throw new Error(`${id} has no test samples to compare on`);
  return labelsOf(test, classes, id);
}

function labelsOf({ labels: { shape, data } }: TestSamples, classes: number, id: string): Labels {
  const isSets = data instanceof Uint8Array;
  const [count = 0] = shape;
  const expected = isSets ? [count, classes] : [count];
  if (shapeText(shape) !== shapeText(expected) || data.length !== sizeOf(expected)) {
    throw new Error(
      `test labels of ${id} must have shape ${shapeText(expected)}, found ${shapeText(shape)} with ${data.length} values`,
    );
  }
  const last = isSets ? 1 : classes - 1;
  const foreign = data.find((label) => label < 0 || label > last);
  if (foreign !== undefined) {
    throw new Error(`test labels of ${id} must lie between 0 and ${last}, found ${foreign}`);
  }
  return isSets ? tensor('uint8', shape, data) : tensor('int32', shape, data);
}

function checkKind(inputs: StoredInputs, { inputDType, spec }: Network, id: string): void {
  const isSparse = inputs.layout === 'sparse';
  if (inputDType === 'int32' && isSparse) {
    throw new Error(`network '${spec.name}' takes sequences of words, samples of ${id} are bags of words`);
  }
  if (inputDType === 'float32' && !isSparse && inputs.data instanceof Int32Array) {
    throw new Error(`network '${spec.name}' takes numbers, samples of ${id} are sequences of words`);
  }
}

/** How samples enter the two models that are compared. */
export interface Layouts {
  readonly whole: InputLayout;
  readonly exported: InputLayout;
}

/** All samples in order, the last batch as small as it comes. */
export function* testBatches(
  inputs: StoredInputs,
  count: number,
  { whole, exported }: Layouts,
  batch: number,
): Generator<TestBatch, void, undefined> {
  for (let start = 0; start < count; start += batch) {
    const end = Math.min(start + batch, count);
    yield {
      whole: feedsOf(inputs, start, end, whole),
      exported: feedsOf(inputs, start, end, exported),
      count: end - start,
    };
  }
}
