import type { SealedTicket } from '../../src/index.js';
import { resolveNetwork } from '@winning-tickets/ticket';

/** A ticket's trained network for one sample in double precision, written without ONNX. */
export function evaluate(ticket: SealedTicket, sample: ArrayLike<number>): number[] {
  const { layers } = resolveNetwork(ticket.metadata.network);
  return layers.reduce<number[]>((x, { kind, name }) => {
    if (kind === 'flatten') return x;
    if (kind === 'relu') return x.map((value) => Math.max(value, 0));
    if (kind === 'sigmoid') return x.map((value) => 1 / (1 + Math.exp(-value)));
    if (kind === 'tanh') return x.map((value) => Math.tanh(value));
    if (kind !== 'dense') throw new Error(`no reference for ${kind}`);
    const weight = numbers(ticket, `${name}.weight`);
    const bias = numbers(ticket, `${name}.bias`);
    return bias.map((b, unit) =>
      x.reduce((sum, value, input) => sum + value * (weight[input * bias.length + unit] ?? NaN), b),
    );
  }, Array.from(sample));
}

function numbers(ticket: SealedTicket, name: string): number[] {
  return [...(ticket.best[name]?.data ?? [])].map(Number);
}
