import { isDType } from '@winning-tickets/onnx';
import { resolveNetwork } from '@winning-tickets/ticket';
import type { SealedTicket } from '../../src/index.js';

/** A ticket's trained network for one sample in double precision, written without ONNX. */
export function evaluate(ticket: SealedTicket, sample: ArrayLike<number>): number[] {
  const { layers } = resolveNetwork(ticket.metadata.network);
  return layers.reduce<number[]>((x, { kind, name }) => {
    if (kind === 'flatten' || kind === 'dropout') return x;
    if (kind === 'relu') return x.map((value) => Math.max(value, 0));
    if (kind === 'sigmoid') return x.map((value) => 1 / (1 + Math.exp(-value)));
    if (kind === 'tanh') return x.map((value) => Math.tanh(value));
    if (kind !== 'dense') throw new Error(`no reference for ${kind}`);
    const weight = values(ticket, `${name}.weight`);
    const bias = values(ticket, `${name}.bias`);
    const sums = Array.from(bias);
    x.forEach((value, input) => {
      const row = weight.subarray(input * bias.length, (input + 1) * bias.length);
      row.forEach((w, unit) => (sums[unit] = (sums[unit] ?? NaN) + value * w));
    });
    return sums;
  }, Array.from(sample));
}

function values(ticket: SealedTicket, name: string): Float32Array {
  const parameter = ticket.best[name];
  if (!parameter || !isDType(parameter, 'float32')) throw new Error(`expected float32 in ${name}`);
  return parameter.data;
}
