import type { ModelInfo, Tensor, Tensors } from '@winning-tickets/onnx';
import {
  GraphBuilder,
  IR_VERSION,
  OPSET,
  isDType,
  readModelInfo,
  shapeText,
  sizeOf,
} from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import { applyMasks, foldNetwork, forward, resolveNetwork } from '@winning-tickets/ticket';
import { encodingNamed } from './encodings/registry.js';
import { soundBytes } from './export-ticket.js';
import { producer } from './metadata.js';
import type { ExportCheck } from './export-check.js';
import type { SealedTicket } from './sealed-ticket.js';
import type { InputForm } from './input-form.js';
import { inputFormOf } from './input-form.js';
import type { TestDataset } from './test-batches.js';
import { checkedLabels, testBatches } from './test-batches.js';
import { tally } from './tally.js';

/** Loads the bytes of an ONNX file and gives a function that runs it, inputs and outputs by name. */
export type Runtime = (bytes: Uint8Array) => Promise<(inputs: Tensors) => Promise<Tensors>>;

export interface VerifyInput {
  readonly ticket: SealedTicket;
  /** The exported file. */
  readonly bytes: Uint8Array;
  /** The data set that the ticket was trained on. */
  readonly dataset: TestDataset;
  readonly run: Runtime;
}

/** How many samples run at once: memory stays flat however many there are. */
const BATCH = 250;

/** Of bags fewer: a model holds a row of weights for each word of each. */
const BAGS = 32;

/** A batch of samples has no more values than this, unless one sample has. */
const MOST_VALUES = 2 ** 24;

/**
 * Runs an exported model and the trained network side by side on all test samples.
 *
 * The reference is the ticket's masked network in full, built here without any encoding, in the same runtime. Dense
 * and sparse models must give the very same logits; compact ones, and those of a network with batch normalisation, may
 * differ by 1e-4 of the largest logit (at least of 1), because sums and products are taken in another order; so may bags,
 * whose words are added up one by one. Encodings that round weights may differ by more, and in accuracy too
 * (`accuracyTolerance`).
 *
 * @throws Error when the model is not an export of this ticket, the data set is not the ticket's, or the model's
 *   outputs are not logits.
 */
export async function verifyExport({ ticket, bytes, dataset, run }: VerifyInput): Promise<ExportCheck> {
  const info = readModelInfo(bytes, 'the exported model');
  const network = resolveNetwork(ticket.metadata.network);
  const encoding = encodingNamed(encodingOf(info, ticket));
  const classes = sizeOf(network.outputShape);
  const form = inputFormOf(info, 'the exported model');
  const liveInputs = liveInputsOf(info, sizeOf(network.inputShape));
  const labels = checkedLabels(dataset, ticket, network, classes);
  const reference = await run(referenceBytes(ticket, network));
  const exported = await run(bytes);
  const { inputShape } = network;
  const { inputScale } = ticket.metadata.dataset;
  const whole = network.inputDType === 'int32' ? 'sequence' : 'dense';
  const layouts = {
    whole: { form: whole, inputShape, inputScale },
    exported: { form, inputShape, inputScale, liveInputs },
  } as const;
  const { inputs } = dataset.test;
  const [samples = 0] = labels.shape;
  const sums = tally(labels, classes);
  for (const batch of testBatches(inputs, samples, layouts, batchSize(form, inputShape))) {
    const { count } = batch;
    const expected = logitsOf(await reference(batch.whole), count, classes, 'the trained network');
    const found = logitsOf(await exported(batch.exported), count, classes, 'the exported model');
    sums.add(expected, found);
  }
  return sums.compare({
    logit: Math.max(encoding.tolerance, foldingTolerance(network, ticket.best)),
    accuracy: encoding.accuracyTolerance ?? 0,
  });
}

function batchSize(form: InputForm, inputShape: readonly number[]): number {
  const fitting = Math.max(1, Math.floor(MOST_VALUES / sizeOf(inputShape)));
  return Math.min(form === 'bag' ? BAGS : BATCH, fitting);
}

// Factors that are folded into weights round these.
function foldingTolerance(network: Network, values: Tensors): number {
  return foldNetwork(network, values).network.parameters.length < network.parameters.length ? 1e-4 : 0;
}

function encodingOf(info: ModelInfo, ticket: SealedTicket): string {
  const hash = info.metadata['tickets.ticket'];
  if (hash !== ticket.hash) {
    throw new Error(
      `the model is not an export of ticket ${ticket.hash.slice(0, 12)}: its metadata name ` +
        (hash === undefined ? 'none' : hash.slice(0, 12)),
    );
  }
  return info.metadata['tickets.encoding'] ?? '';
}

function liveInputsOf(info: ModelInfo, inputs: number): readonly number[] | undefined {
  const text = info.metadata['tickets.liveInputs'];
  if (text === undefined) return undefined;
  const list = jsonOf(text);
  const isInput = (index: unknown): index is number =>
    typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < inputs;
  if (!Array.isArray(list) || !list.every(isInput)) {
    throw new Error(`the exported model: tickets.liveInputs must list indices from 0 to ${inputs - 1}`);
  }
  return list;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The trained network as it is: all parameters in full, masked once more.
function referenceBytes({ best, masks }: SealedTicket, network: Network): Uint8Array {
  const builder = new GraphBuilder('trained');
  const input = builder.input('input', network.inputDType, ['batch', ...network.inputShape]);
  const parameters = Object.fromEntries(
    Object.entries(applyMasks(best, masks)).map(([name, values]) => [
      name,
      builder.initializer(name, values),
    ]),
  );
  builder.output(forward(builder, network, input, parameters), 'logits');
  return soundBytes({ graph: builder.build(), metadata: {}, producer, opset: OPSET, irVersion: IR_VERSION });
}

function logitsOf(outputs: Tensors, samples: number, classes: number, whose: string): Tensor<'float32'> {
  const logits = outputs['logits'];
  if (!logits || !isDType(logits, 'float32') || shapeText(logits.shape) !== shapeText([samples, classes])) {
    const found = logits ? `${logits.dtype} ${shapeText(logits.shape)}` : 'no such output';
    throw new Error(`${whose}: logits must be float32 ${shapeText([samples, classes])}, found ${found}`);
  }
  return logits;
}
