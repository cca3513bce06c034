import type { Tensors } from '@winning-tickets/onnx';
import { sizeOf, tensor } from '@winning-tickets/onnx';
import { describe, expect, it } from 'vitest';
import type { LayerSpec, Network } from '../../src/index.js';
import { layerKinds, resolveNetwork } from '../../src/index.js';
import { evaluate } from '../support/reference.js';
import { run } from '../support/runtime.js';

interface Example {
  readonly input: readonly number[];
  readonly options: Readonly<Record<string, unknown>>;
}

const image = [2, 5, 4];
const example = (input: readonly number[], options: Readonly<Record<string, unknown>> = {}): Example => ({
  input,
  options,
});

/** How each kind of layer may be used. */
const examples: Readonly<Record<string, readonly Example[]>> = {
  avgpool: [
    example(image, { kernel: 2 }),
    example(image, { kernel: [3, 2], stride: 1, padding: 1 }),
    example([3, 7], { kernel: 3, stride: 2, padding: [0, 1] }),
  ],
  batchnorm: [example(image), example([4]), example([3, 5], { epsilon: 0.1, momentum: 0.5 })],
  conv1d: [
    example([2, 6], { filters: 3, kernel: 3 }),
    example([2, 6], { filters: 2, kernel: [2], stride: 2, padding: 'same', dilation: 2 }),
  ],
  conv2d: [
    example(image, { filters: 3, kernel: 3 }),
    example(image, { filters: 3, kernel: [2, 3], stride: [2, 1], padding: 'same' }),
    example(image, { filters: 2, kernel: 2, dilation: [2, 1], padding: [1, 0, 2, 1] }),
    example(image, { filters: 4, kernel: 3, stride: 2, padding: 1, groups: 2 }),
  ],
  dense: [example([4], { units: 3 })],
  dropout: [example([4], { rate: 0.5 })],
  embedding: [example([5], { vocabulary: 4, size: 3 })],
  flatten: [example(image)],
  gelu: [example([4])],
  globalavgpool: [example(image), example([3, 5])],
  globalmaxpool: [example(image), example([3, 5])],
  maxpool: [
    example(image, { kernel: 2 }),
    example(image, { kernel: [3, 2], stride: 1, padding: 1 }),
    example([3, 7], { kernel: 3, stride: 2 }),
  ],
  parallel: [
    example(image, {
      branches: [[{ kind: 'conv2d', filters: 3, kernel: 1 }, { kind: 'relu' }], [{ kind: 'tanh' }], []],
    }),
    example([2, 6], {
      branches: [2, 3].map((kernel) => [{ kind: 'conv1d', filters: 2, kernel }, { kind: 'globalmaxpool' }]),
    }),
  ],
  relu: [example([4])],
  reshape: [example([4, 6], { shape: [1, 8, 3] })],
  residual: [
    example(image, {
      layers: [{ kind: 'conv2d', filters: 2, kernel: 3, padding: 'same' }, { kind: 'relu' }],
    }),
    example(image, {
      layers: [{ kind: 'conv2d', filters: 3, kernel: 3, stride: 2, padding: 'same' }],
      shortcut: [{ kind: 'conv2d', filters: 3, kernel: 1, stride: 2 }],
    }),
    example([4], { layers: [{ kind: 'residual', layers: [{ kind: 'dense', units: 4 }] }] }),
  ],
  sigmoid: [example([4])],
  tanh: [example([4])],
};

const networkOf = (kind: string, { input, options }: Example) =>
  resolveNetwork({ name: kind, input, layers: [{ kind, ...options }] });

const cases = layerKinds().flatMap((kind) =>
  (examples[kind] ?? [{ input: [4], options: {} }]).map((one) => [kind, JSON.stringify(one), one] as const),
);

describe('every kind of layer', () => {
  it.each(cases)('%s computes in ONNX Runtime what its definition says: %s', async (kind, _text, one) => {
    const network = networkOf(kind, one);
    const values = valuesOf(network);
    const indices = network.inputDType === 'int32';
    const samples = [0, 1].map((sample) =>
      Array.from({ length: sizeOf(network.inputShape) }, (_, index) =>
        indices ? (index + sample) % 4 : Math.sin(7 * index + 3 * sample) * 2,
      ),
    );
    const outputs = await run(network, values, samples);
    const expected = samples.flatMap((sample) => evaluate(network, values, sample));
    expect(outputs).toHaveLength(expected.length);
    expect(expected).toHaveLength(2 * sizeOf(network.outputShape));
    expected.forEach((value, index) => {
      expect(outputs[index]).toBeCloseTo(value, 4);
    });
  });

  it.each(cases)('%s refuses a key that it does not have: %s', (kind, _text, { input, options }) => {
    const layers = [{ kind, ...options, colour: 'red' }];
    expect(() => resolveNetwork({ name: 'x', input, layers })).toThrow("unknown key 'colour'");
  });

  it.each(cases)('%s resolves again from its own specification: %s', (kind, _text, one) => {
    const network = networkOf(kind, one);
    expect(resolveNetwork(JSON.parse(JSON.stringify(network.spec)))).toEqual(network);
  });
});

describe('a shape that a layer cannot take', () => {
  const refused = (input: readonly number[], layer: LayerSpec) => () =>
    resolveNetwork({ name: 'net', input, layers: [layer] });

  it('is a kernel larger than the padded image', () => {
    expect(refused([1, 3, 3], { kind: 'conv2d', filters: 1, kernel: 6, padding: 1 })).toThrow(
      "network 'net', layer 'conv1' (conv2d): expects an input of at least [6, 6] for its window, found [3, 3], [5, 5] with padding",
    );
  });

  it('is a sequence shorter than the window', () => {
    expect(refused([8, 4], { kind: 'conv1d', filters: 1, kernel: 5 })).toThrow(
      "layer 'conv1' (conv1d): expects an input of at least [5] for its window, found [4]",
    );
  });

  it('is an image without channels', () => {
    expect(refused([28, 28], { kind: 'conv2d', filters: 1, kernel: 3 })).toThrow(
      "layer 'conv1' (conv2d): expects an input of shape [channels, height, width], found [28, 28]",
    );
    expect(refused([4], { kind: 'globalavgpool' })).toThrow(
      'expects channels with sizes to pool over, found',
    );
  });

  it('is one whose channels the groups do not divide', () => {
    expect(refused([3, 4, 4], { kind: 'conv2d', filters: 4, kernel: 1, groups: 2 })).toThrow(
      'expects groups that divide its channels, found 2 groups over 3 channels and 4 filters, input [3, 4, 4]',
    );
  });

  it('is one that a sum or a join does not fit', () => {
    expect(refused([2, 4, 4], { kind: 'residual', layers: [{ kind: 'maxpool', kernel: 2 }] })).toThrow(
      "layer 'residual1' (residual): expects layers that end with the shape of the way around, [2, 4, 4], found [2, 2, 2]",
    );
    expect(
      refused([2, 4, 4], { kind: 'parallel', branches: [[], [{ kind: 'maxpool', kernel: 2 }]] }),
    ).toThrow('expects branches whose shapes differ in the first axis alone, found [2, 4, 4] and [2, 2, 2]');
  });

  it('is another number of elements than a reshape has', () => {
    expect(refused([3, 3], { kind: 'reshape', shape: [1, 8] })).toThrow(
      'expects as many elements as its shape [1, 8] has, 8, found [3, 3] with 9',
    );
  });

  it('is named inside other layers by the path to it', () => {
    const inner = { kind: 'conv2d', filters: 2, kernel: 5 };
    expect(refused([2, 4, 4], { kind: 'residual', name: 'block', layers: [inner] })).toThrow(
      "layer 'block.conv1' (conv2d): expects an input of at least [5, 5]",
    );
  });

  it('is numbers where a layer takes indices', () => {
    const layers = [{ kind: 'relu' }, { kind: 'embedding', vocabulary: 3, size: 2 }];
    expect(() => resolveNetwork({ name: 'net', input: [4], layers })).toThrow(
      "network 'net', layer 'embedding1' (embedding): takes indices, so it must be the first layer",
    );
  });
});

function valuesOf(network: Network): Tensors {
  const all = [...network.parameters, ...network.buffers];
  return Object.fromEntries(
    all.map(({ name, shape }, number) => {
      const positive = name.endsWith('.variance');
      const data = Float32Array.from({ length: sizeOf(shape) }, (_, index) => {
        const value = Math.cos(3 * index + number);
        return positive ? 0.5 + Math.abs(value) : value;
      });
      return [name, tensor('float32', shape, data)];
    }),
  );
}
