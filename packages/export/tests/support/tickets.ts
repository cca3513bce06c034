import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { LayerSpec, Masks, NetworkSpec, TicketMetadata, Words } from '@winning-tickets/ticket';
import {
  applyMasks,
  decodeTicket,
  density,
  encodeTicket,
  namedNetwork,
  resolveNetwork,
} from '@winning-tickets/ticket';
import fc from 'fast-check';
import type { SealedTicket } from '../../src/index.js';
import { encodings } from '../../src/index.js';

/** The encodings that take any network, and whole samples, and compute what was trained. */
export const sampleEncodings: readonly string[] = encodings
  .filter(({ unfit, accuracyTolerance }) => unfit === undefined && accuracyTolerance === undefined)
  .map(({ name }) => name);

/** Those that round too, in their order. */
export const networkEncodings: readonly string[] = encodings
  .filter(({ unfit }) => unfit === undefined)
  .map(({ name }) => name);

/** A sequence of numbers in [0, 1) that a seed determines (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Samples of a random network's input, uniform in [0, 1): `[count, ...shape]`, flattened. */
export function samples(shape: readonly number[], count: number, seed: number): Float32Array {
  const next = uniform(seed);
  return Float32Array.from({ length: count * sizeOf(shape) }, next);
}

export interface TicketRecipe {
  readonly network: NetworkSpec;
  /** Share of weights that survive, by parameter name; 1 where there is none. */
  readonly densities: (parameter: string) => number;
  readonly seed: number;
  readonly metadata?: Partial<TicketMetadata>;
  readonly words?: Words;
}

/** A ticket with random weights and masks, sealed and read back as from a file. */
export function makeTicket(recipe: TicketRecipe): SealedTicket {
  return decodeTicket(ticketBytes(recipe), 'made in a test');
}

/** The file of such a ticket. */
export function ticketBytes({ network, densities, seed, metadata, words }: TicketRecipe): Uint8Array {
  const { parameters } = resolveNetwork(network);
  const next = uniform(seed);
  // Of a size that keeps signals from fading, however few of the weights survive.
  const random = (): Tensors =>
    Object.fromEntries(
      parameters.map(({ name, shape, fanIn, prunable }) => {
        const reaching = prunable ? Math.max(1, fanIn * densities(name)) : 1;
        return [name, filled(shape, () => ((next() - 0.5) * 6) / Math.sqrt(reaching))];
      }),
    );
  const masks: Masks = Object.fromEntries(
    parameters
      .filter(({ prunable }) => prunable)
      .map(({ name, shape }) => [
        name,
        tensor(
          'uint8',
          shape,
          Uint8Array.from({ length: sizeOf(shape) }, () => (next() < densities(name) ? 1 : 0)),
        ),
      ]),
  );
  return encodeTicket({
    metadata: { ...metadataOf(network, masks), ...metadata },
    initial: random(),
    masks,
    trained: applyMasks(random(), masks),
    best: applyMasks(random(), masks),
    ...words,
  }).bytes;
}

function filled(shape: readonly number[], next: () => number): Tensor {
  return tensor('float32', shape, Float32Array.from({ length: sizeOf(shape) }, next));
}

function metadataOf(network: NetworkSpec, masks: Masks): TicketMetadata {
  const measured = { validationLoss: 0.1, validationAccuracy: 0.97, testLoss: 0.12, testAccuracy: 0.96 };
  const classes = sizeOf(resolveNetwork(network).outputShape);
  return {
    format: 'winning-tickets/1',
    network,
    dataset: {
      id: 'mnist',
      checksum: 'ab'.repeat(32),
      classNames: Array.from({ length: classes }, (_, index) => `class “${index}”`),
      inputShape: network.input,
      inputScale: 1 / 255,
      split: { seed: 0, train: 55_000, validation: 5_000, test: 10_000 },
    },
    experiment: { name: 'quick' },
    trial: 1,
    branch: 'iterative',
    level: 3,
    seed: 42,
    density: density(masks),
    metrics: { best: { iteration: 100, ...measured }, end: { iteration: 200, ...measured } },
    software: { node: '22.0.0' },
  };
}

/** A network small enough to read: 2x3 inputs, 4 hidden units, 3 classes. */
export const smallNetwork: NetworkSpec = {
  name: 'small',
  input: [2, 3],
  layers: [
    { kind: 'flatten' },
    { kind: 'dense', name: 'fc1', units: 4 },
    { kind: 'relu' },
    { kind: 'dense', name: 'fc2', units: 3 },
  ],
};

/** LeNet-300-100 with as many survivors as 15 rounds of pruning leave: 3.6 %, the last layer 20 %. */
export const lenetTicket: TicketRecipe = {
  network: namedNetwork('lenet-300-100', [28, 28], 10),
  densities: (name) => (name === 'fc3.weight' ? 0.206 : 0.0352),
  seed: 15,
};

const activation = fc.constantFrom('relu', 'sigmoid', 'tanh', 'none');
const layer = fc.record({ units: fc.integer({ min: 1, max: 8 }), activation });

/** Tickets over networks of random depth and widths, each layer pruned to a random degree, entirely too. */
export const anyTicket: fc.Arbitrary<SealedTicket> = fc
  .record({
    input: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
    before: activation,
    layers: fc.array(layer, { minLength: 1, maxLength: 4 }),
    densities: fc.array(fc.constantFrom(0, 0.1, 0.3, 0.6, 1), { minLength: 4, maxLength: 4 }),
    seed: fc.nat(),
  })
  .map(({ input, before, layers, densities, seed }) =>
    makeTicket({
      network: {
        name: 'random',
        input,
        layers: [
          ...activationLayer(before),
          { kind: 'flatten' },
          ...layers.flatMap(({ units, activation: kind }) => [
            { kind: 'dense', units },
            ...activationLayer(kind),
          ]),
        ],
      },
      densities: (name) => densities[Number(name.slice(2, 3)) - 1] ?? 1,
      seed,
    }),
  );

function activationLayer(kind: string): LayerSpec[] {
  return kind === 'none' ? [] : [{ kind }];
}

/** What a ticket says of its data, with other entries. */
function ofText(
  network: NetworkSpec,
  text: Exclude<TicketMetadata['dataset']['text'], undefined>,
  words: number,
) {
  const { metadata } = makeTicket({ network, densities: () => 1, seed: 1 });
  return { dataset: { ...metadata.dataset, id: 'news', inputScale: 1, text, words } };
}

/** A ticket over bags of words weighted by tf-idf, behind a flatten that changes nothing and a dropout. */
export function bagTicket(words: number, densities: (parameter: string) => number, seed = 5): SealedTicket {
  const network: NetworkSpec = {
    name: 'bags',
    input: [words],
    layers: [
      { kind: 'dropout', rate: 0.2 },
      { kind: 'flatten' },
      { kind: 'dense', name: 'fc1', units: 6 },
      { kind: 'relu' },
      { kind: 'dense', name: 'fc2', units: 3 },
    ],
  };
  return makeTicket({
    network,
    densities,
    seed,
    metadata: ofText(network, { kind: 'bag', words, weights: 'tf-idf' }, words),
    words: {
      vocabulary: Array.from({ length: words }, (_, number) => `word${number}`),
      wordWeights: Float64Array.from({ length: words }, (_, number) => 1 + Math.log(1 + number) / 7),
    },
  });
}

/** A ticket over sequences of words: four of ten, two of which stand for padding and unknown words. */
export function sequenceTicket(seed = 6): SealedTicket {
  const network: NetworkSpec = {
    name: 'sequences',
    input: [4],
    layers: [
      { kind: 'embedding', vocabulary: 10, size: 5 },
      { kind: 'conv1d', filters: 4, kernel: 2 },
      { kind: 'relu' },
      { kind: 'globalmaxpool' },
      { kind: 'dense', units: 3 },
    ],
  };
  return makeTicket({
    network,
    densities: () => 0.5,
    seed,
    metadata: ofText(network, { kind: 'sequence', words: 8, length: 4 }, 10),
    words: { vocabulary: ['[padding]', '[unknown]', ...'abcdefgh'.split('')] },
  });
}
