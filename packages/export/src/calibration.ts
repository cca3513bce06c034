import type { Graph, Node, Tensors } from '@winning-tickets/onnx';
import { IR_VERSION, OPSET, scalarValue } from '@winning-tickets/onnx';
import { resolveNetwork } from '@winning-tickets/ticket';
import type { CalibratedGraph, EncodingOptions, Ranges, Subnetwork } from './encodings/encoding.js';
import { resolveOptions } from './encodings/options.js';
import { encodingNamed } from './encodings/registry.js';
import { soundBytes } from './export-ticket.js';
import type { StoredInputs } from './feeds.js';
import { feedsOf } from './feeds.js';
import { inputFormOf } from './input-form.js';
import { producer } from './metadata.js';
import type { SealedTicket } from './sealed-ticket.js';
import type { Runtime } from './verify.js';

/** Samples that ranges are measured on, in stretches that lie evenly over the training side. */
const STRETCHES = 8;
const STRETCH = 128;

export interface CalibrationInput {
  readonly ticket: SealedTicket;
  readonly encoding: string;
  /** Options of the encoding; none by default. */
  readonly options?: EncodingOptions;
  /** Of training samples: test samples would see their own accuracy. */
  readonly inputs: StoredInputs;
  readonly run: Runtime;
}

/**
 * The least and the greatest number that each value of a graph takes on 1,024 training samples (on all, where there are
 * fewer), for an encoding that needs to know; undefined for one that doesn't.
 */
export async function calibrate(input: CalibrationInput): Promise<Ranges | undefined> {
  const { ticket, encoding: name, options = {}, inputs, run } = input;
  const encoding = encodingNamed(name);
  const calibrated = encoding.calibrated?.(ticket, resolveOptions(encoding, options));
  if (!calibrated) return undefined;
  const inputForm = calibrated.metadata.inputForm ?? 'dense';
  const form = inputFormOf({ metadata: { 'tickets.inputForm': inputForm } }, name);
  const { inputShape } = resolveNetwork(ticket.metadata.network);
  const { inputScale } = ticket.metadata.dataset;
  const feeds = stretches(inputs.shape[0] ?? 0).map(
    ([start, end]) =>
      () =>
        feedsOf(inputs, start, end, { form, inputShape, inputScale }),
  );
  return await measureRanges(calibrated, feeds, run);
}

/**
 * The same of a masked network that comes from no ticket, on the given batches of its inputs.
 *
 * @throws Error for an unknown encoding or option, naming the nearest known one
 */
export async function calibrateSubnetwork(
  subnetwork: Subnetwork,
  encodingName: string,
  options: EncodingOptions,
  batches: readonly Tensors[],
  run: Runtime,
): Promise<Ranges | undefined> {
  const encoding = encodingNamed(encodingName);
  const calibrated = encoding.calibrated?.(subnetwork, resolveOptions(encoding, options));
  const feeds = batches.map((batch) => () => batch);
  return calibrated && (await measureRanges(calibrated, feeds, run));
}

/** @param feeds makers of batches, called one at a time: not all need be in memory at once */
async function measureRanges(
  { graph, values }: CalibratedGraph,
  feeds: readonly (() => Tensors)[],
  run: Runtime,
): Promise<Ranges> {
  const model = { graph: withRanges(graph, values), opset: OPSET, irVersion: IR_VERSION, producer };
  const measure = await run(soundBytes({ ...model, metadata: {} }));
  const outputs: Tensors[] = [];
  for (const feed of feeds) outputs.push(await measure(feed()));
  const extreme = (output: string, of: (...numbers: number[]) => number) =>
    of(...outputs.flatMap((each) => (each[output] ? [scalarValue(each[output])] : [])));
  return Object.fromEntries(
    values.map((value) => [value, [extreme(least(value), Math.min), extreme(greatest(value), Math.max)]]),
  );
}

const least = (value: string) => `${value}.least`;
const greatest = (value: string) => `${value}.greatest`;

/** The graph with the extremes of some of its values as its outputs. */
function withRanges(graph: Graph, values: readonly string[]): Graph {
  const reduce = (op: string, value: string, output: string): Node => ({
    ...{ name: `${output}.node`, op, domain: '', inputs: [value], outputs: [output] },
    attributes: { keepdims: { int: 0 } },
  });
  return {
    ...graph,
    nodes: [
      ...graph.nodes,
      ...values.flatMap((value) => [
        reduce('ReduceMin', value, least(value)),
        reduce('ReduceMax', value, greatest(value)),
      ]),
    ],
    outputs: values
      .flatMap((value) => [least(value), greatest(value)])
      .map((name) => ({ name, dtype: 'float32', shape: [] })),
  };
}

function stretches(count: number): (readonly [start: number, end: number])[] {
  if (count === 0) throw new Error('there are no training samples to calibrate on');
  if (count <= STRETCHES * STRETCH) {
    return Array.from({ length: Math.ceil(count / STRETCH) }, (_, place) => [
      place * STRETCH,
      Math.min(count, (place + 1) * STRETCH),
    ]);
  }
  return Array.from({ length: STRETCHES }, (_, place) => {
    const start = Math.floor((place * (count - STRETCH)) / (STRETCHES - 1));
    return [start, start + STRETCH];
  });
}
