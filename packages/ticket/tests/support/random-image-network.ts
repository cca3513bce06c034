import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { sizeOf, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import type { LayerSpec, Network, NetworkSpec } from '../../src/index.js';
import { resolveNetwork } from '../../src/index.js';

export interface ImageCase {
  readonly network: Network;
  /** Parameters and buffers; many weights, whole filters and whole channels are zero. */
  readonly values: Tensors;
  readonly samples: readonly (readonly number[])[];
}

const activation = fc.constantFrom('relu', 'tanh', 'sigmoid', 'none');
const padding = fc.constantFrom(0, 1, 'same' as const);

/** What may stand between an image and the next. */
const block: fc.Arbitrary<LayerSpec[]> = fc.oneof(
  convolutionBlock(),
  fc
    .record({ filters: fc.integer({ min: 1, max: 4 }), act: activation, bn: fc.boolean() })
    .map(({ filters, act, bn }): LayerSpec[] => [
      {
        kind: 'residual',
        layers: [
          { kind: 'conv2d', filters, kernel: 3, padding: 'same' },
          ...(bn ? [{ kind: 'batchnorm' }] : []),
          ...named(act),
        ],
        shortcut: [{ kind: 'conv2d', filters, kernel: 1 }],
      },
    ]),
  activation.map((act): LayerSpec[] => [
    { kind: 'residual', layers: [{ kind: 'batchnorm' }, ...named(act)] },
  ]),
  fc
    .record({ left: convolutionBlock('same'), right: convolutionBlock('same') })
    .map(({ left, right }): LayerSpec[] => [{ kind: 'parallel', branches: [left, right] }]),
  fc
    .constantFrom('maxpool', 'avgpool')
    .chain((kind) =>
      fc
        .record({ padding: fc.constantFrom(0, 1), stride: fc.constantFrom(1, 2) })
        .map((own): LayerSpec[] => [{ kind, kernel: 2, ...own }]),
    ),
);

function convolutionBlock(pad?: 'same'): fc.Arbitrary<LayerSpec[]> {
  return fc
    .record({
      filters: fc.integer({ min: 1, max: 5 }),
      kernel: fc.constantFrom(1, 2, 3),
      padding: pad ? fc.constant(pad) : padding,
      bn: fc.boolean(),
      act: activation,
    })
    .map(({ bn, act, ...own }): LayerSpec[] => [
      { kind: 'conv2d', ...own },
      ...(bn ? [{ kind: 'batchnorm' }] : []),
      ...named(act),
    ]);
}

const ending: fc.Arbitrary<LayerSpec[]> = fc.oneof(
  fc.constantFrom('globalmaxpool', 'globalavgpool').map((kind): LayerSpec[] => [{ kind }]),
  fc.constant<LayerSpec[]>([{ kind: 'flatten' }]),
  fc
    .record({ units: fc.integer({ min: 1, max: 5 }), act: activation })
    .map(({ units, act }): LayerSpec[] => [{ kind: 'flatten' }, { kind: 'dense', units }, ...named(act)]),
);

/** Networks over images of 7x6, of convolutions, pooling, normalisation and branches, most of whose weights are zero. */
export const randomImageCase: fc.Arbitrary<ImageCase> = fc
  .record({
    channels: fc.constantFrom(0, 1, 2),
    blocks: fc.array(block, { minLength: 1, maxLength: 3 }),
    end: ending,
    classes: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ channels, blocks, end, classes }) => ({
    name: 'random',
    input: channels === 0 ? [7, 6] : [channels, 7, 6],
    layers: [
      ...(channels === 0 ? [{ kind: 'reshape', shape: [1, 7, 6] }] : []),
      ...blocks.flat(),
      ...end,
      { kind: 'dense', units: classes },
    ],
  }))
  .filter(fits)
  .map(resolveNetwork)
  .chain((network) =>
    fc.record({
      network: fc.constant(network),
      values: valuesOf(network),
      samples: fc.array(numbers(sizeOf(network.inputShape)), { minLength: 3, maxLength: 3 }),
    }),
  );

// Windows may have shrunk the image below the next one.
function fits(spec: NetworkSpec): boolean {
  try {
    return resolveNetwork(spec).parameters.length > 0;
  } catch {
    return false;
  }
}

function named(kind: string): LayerSpec[] {
  return kind === 'none' ? [] : [{ kind }];
}

function valuesOf(network: Network): fc.Arbitrary<Tensors> {
  const all = [...network.parameters, ...network.buffers];
  return fc
    .tuple(...all.map(({ name, shape }) => valueOf(name, shape)))
    .map((tensors) => Object.fromEntries(all.map(({ name }, index) => [name, tensors[index]])) as Tensors);
}

// Of a weight, elements, rows (filters) and columns (channels) are zeroed, each with a chance of its own.
function valueOf(name: string, shape: readonly number[]): fc.Arbitrary<Tensor> {
  const size = sizeOf(shape);
  if (name.endsWith('.variance')) {
    return numbers(size).map((values) =>
      tensor(
        'float32',
        shape,
        Float32Array.from(values, (x) => 0.5 + Math.abs(x)),
      ),
    );
  }
  const [rows = 1, columns = 1] = shape;
  const inner = size / (rows * columns);
  return fc
    .record({
      values: numbers(size),
      elements: flags(size, name.endsWith('.weight') ? 0.5 : 0.7),
      rows: flags(rows, 0.7),
      columns: flags(columns, 0.7),
    })
    .map(({ values, ...kept }) => {
      const survives = (index: number) =>
        kept.elements[index] &&
        (shape.length < 2 ||
          (kept.rows[Math.floor(index / (columns * inner))] &&
            kept.columns[Math.floor(index / inner) % columns]));
      return tensor(
        'float32',
        shape,
        Float32Array.from(values, (x, index) => (survives(index) ? x : 0)),
      );
    });
}

function flags(count: number, share: number): fc.Arbitrary<boolean[]> {
  const flag = fc.integer({ min: 0, max: 99 }).map((draw) => draw < 100 * share);
  return fc.array(flag, { minLength: count, maxLength: count });
}

function numbers(count: number): fc.Arbitrary<number[]> {
  return fc
    .array(fc.integer({ min: -24, max: 24 }), { minLength: count, maxLength: count })
    .map((values) => values.map((value) => value / 16));
}
