import { sizeOf } from '@winning-tickets/onnx';
import type { SealedTicket, SparseInputs, TestDataset } from '../../src/index.js';
import { evaluate } from './reference.js';
import { uniform } from './tickets.js';

/**
 * Random test samples for a ticket, of which its network gets about three in four right.
 *
 * @param count number of samples.
 */
export function testDataset({ metadata, ...ticket }: SealedTicket, count: number, seed: number): TestDataset {
  const { inputShape, inputScale, id, checksum } = metadata.dataset;
  const next = uniform(seed);
  const size = sizeOf(inputShape);
  const data = Uint8Array.from({ length: count * size }, () => Math.floor(next() * 256));
  const labels = Int32Array.from({ length: count }, (_, sample) => {
    const stored = Array.from(data.subarray(sample * size, (sample + 1) * size));
    const logits = evaluate(
      { metadata, ...ticket },
      stored.map((value) => value * inputScale),
    );
    const answer = logits.indexOf(Math.max(...logits));
    return next() < 0.75 ? answer : (answer + 1) % logits.length;
  });
  const test = { inputs: { shape: [count, ...inputShape], data }, labels: { shape: [count], data: labels } };
  return { id, checksum, test };
}

/** Random bags of words for a ticket over them, every fifth empty, of which its network gets about three in four right. */
export function bagDataset(ticket: SealedTicket, count: number, seed: number): TestDataset {
  const { metadata, vocabulary, wordWeights } = ticket;
  const { inputShape, id, checksum } = metadata.dataset;
  const [width = 0] = inputShape;
  const next = uniform(seed);
  const rows = Array.from({ length: count }, (_, row) =>
    Array.from({ length: width }, () => (row % 5 > 0 && next() < 0.3 ? next() : 0)),
  );
  const labels = rows.map((row) => {
    const scores = evaluate(ticket, row);
    const answer = scores.indexOf(Math.max(...scores));
    return next() < 0.75 ? answer : (answer + 1) % scores.length;
  });
  return {
    id,
    checksum,
    ...(vocabulary ? { vocabulary } : {}),
    ...(wordWeights ? { wordWeights } : {}),
    test: { inputs: sparse(rows, width), labels: { shape: [count], data: Int32Array.from(labels) } },
  };
}

/** Rows of numbers as compressed sparse rows. */
export function sparse(rows: readonly (readonly number[])[], width: number): SparseInputs {
  const found = rows.map((row) => row.flatMap((value, index) => (value === 0 ? [] : [{ value, index }])));
  let end = 0;
  return {
    layout: 'sparse',
    shape: [rows.length, width],
    offsets: Int32Array.from([0, ...found.map((row) => (end += row.length))]),
    indices: Int32Array.from(found.flat(), ({ index }) => index),
    values: Float32Array.from(found.flat(), ({ value }) => value),
  };
}
