import type { Tensor } from '@winning-tickets/onnx';
import { shapeText, sizeOf, tensor } from '@winning-tickets/onnx';
import type { TicketMetadata } from '@winning-tickets/ticket';

/** Samples as data sets store them: inputs `[count, ...inputShape]`, not yet scaled; labels `[count]`. */
export interface TestSamples {
  readonly inputs: { readonly shape: readonly number[]; readonly data: Uint8Array };
  readonly labels: { readonly shape: readonly number[]; readonly data: Int32Array };
}

/** The part of a data set that a check needs. */
export interface TestDataset {
  readonly id: string;
  /** SHA-256 over the data set's files, in hex. */
  readonly checksum: string;
  readonly test: TestSamples;
}

export interface TestBatch {
  /** `[batch, ...inputShape]`, scaled. */
  readonly whole: Tensor<'float32'>;
  /** What the exported model takes: the same, or `[batch, live]`. */
  readonly live: Tensor<'float32'>;
  readonly labels: Int32Array;
}

/**
 * @param classes number of logits; labels lie below it.
 * @throws Error when a data set is not the ticket's, or its test samples do not fit the ticket.
 */
export function checkDataset(
  { id, checksum, test }: TestDataset,
  { dataset, network }: TicketMetadata,
  classes: number,
): void {
  if (checksum !== dataset.checksum) {
    throw new Error(
      `the ticket was trained on ${dataset.id} with checksum ${dataset.checksum.slice(0, 12)}, ` +
        `found ${id} with ${checksum.slice(0, 12)}; get the same files`,
    );
  }
  const count = test.labels.data.length;
  const expected = [count, ...dataset.inputShape];
  if (shapeText(test.inputs.shape) !== shapeText(expected) || test.inputs.data.length !== sizeOf(expected)) {
    throw new Error(
      `test inputs of ${id} must have shape ${shapeText(expected)}, found ${shapeText(test.inputs.shape)}`,
    );
  }
  if (sizeOf(dataset.inputShape) !== sizeOf(network.input)) {
    throw new Error(
      `samples of ${id} have shape ${shapeText(dataset.inputShape)}, ` +
        `network '${network.name}' takes ${shapeText(network.input)}`,
    );
  }
  if (count === 0) throw new Error(`${id} has no test samples to compare on`);
  const foreign = test.labels.data.find((label) => label < 0 || label >= classes);
  if (foreign !== undefined) {
    throw new Error(`test labels of ${id} must lie between 0 and ${classes - 1}, found ${foreign}`);
  }
}

/** How samples enter a network. */
export interface InputLayout {
  /** Shape that the network takes, of as many elements as a stored sample has. */
  readonly inputShape: readonly number[];
  /** What stored values are multiplied by. */
  readonly inputScale: number;
}

/** All samples in order, the last batch as small as it comes. */
export function* testBatches(
  { inputs, labels }: TestSamples,
  { inputShape, inputScale }: InputLayout,
  liveInputs: readonly number[] | undefined,
  batch: number,
): Generator<TestBatch, void, undefined> {
  const size = sizeOf(inputShape);
  for (let start = 0; start < labels.data.length; start += batch) {
    const ofBatch = labels.data.subarray(start, start + batch);
    const count = ofBatch.length;
    const stored = inputs.data.subarray(start * size, (start + count) * size);
    const scaled = Float32Array.from(stored, (value) => value * inputScale);
    const whole = tensor('float32', [count, ...inputShape], scaled);
    yield { whole, live: liveInputs ? picked(whole, size, liveInputs) : whole, labels: ofBatch };
  }
}

function picked({ data }: Tensor<'float32'>, size: number, liveInputs: readonly number[]): Tensor<'float32'> {
  const count = data.length / size;
  const live = new Float32Array(count * liveInputs.length);
  for (let sample = 0; sample < count; sample += 1) {
    liveInputs.forEach((index, place) => {
      live[sample * liveInputs.length + place] = data[sample * size + index] ?? 0;
    });
  }
  return tensor('float32', [count, liveInputs.length], live);
}
