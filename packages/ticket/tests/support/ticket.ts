import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Masks, Ticket, TicketMetadata } from '../../src/index.js';
import { applyMasks, density, resolveNetwork } from '../../src/index.js';

const network = {
  name: 'small',
  input: [2, 2],
  layers: [{ kind: 'flatten' }, { kind: 'dense', units: 3 }, { kind: 'relu' }, { kind: 'dense', units: 2 }],
};

const { parameters } = resolveNetwork(network);

const values = (offset: number): Tensors =>
  Object.fromEntries(parameters.map(({ name, shape }, index) => [name, ramp(shape, offset + index)]));

function ramp(shape: readonly number[], offset: number): Tensor {
  return tensor(
    'float32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, index) => offset + index / 8),
  );
}

const masks: Masks = Object.fromEntries(
  parameters
    .filter(({ prunable }) => prunable)
    .map(({ name, shape }) => [
      name,
      tensor(
        'uint8',
        shape,
        Uint8Array.from({ length: sizeOf(shape) }, (_, index) => index % 2),
      ),
    ]),
);

const measured = { validationLoss: 0.1, validationAccuracy: 0.97, testLoss: 0.12, testAccuracy: 0.96 };

const metadata: TicketMetadata = {
  format: 'winning-tickets/1',
  network,
  dataset: {
    id: 'mnist',
    checksum: 'ab'.repeat(32),
    classNames: ['zero', 'one — “1”'],
    inputShape: [2, 2],
    inputScale: 1 / 255,
    split: { seed: 0, train: 55_000, validation: 5_000, test: 10_000 },
  },
  experiment: { name: 'quick', optimizer: { kind: 'adam', rate: 0.0012 } },
  trial: 1,
  branch: 'iterative',
  level: 3,
  seed: 42,
  density: density(masks),
  metrics: { best: { iteration: 100, ...measured }, end: { iteration: 200, ...measured } },
  software: { node: '22.0.0' },
};

/** A small ticket that is valid, half of its weights pruned. */
export const ticket: Ticket = {
  metadata,
  initial: values(1),
  masks,
  trained: applyMasks(values(2), masks),
  best: applyMasks(values(3), masks),
};
