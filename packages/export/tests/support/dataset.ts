import { sizeOf } from '@winning-tickets/onnx';
import type { SealedTicket, TestDataset } from '../../src/index.js';
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
