import { GraphBuilder } from '@winning-tickets/onnx';
import { describe, expect, it } from 'vitest';
import { forward, namedNetwork, resolveNetwork } from '../src/index.js';

const small = {
  name: 'small',
  input: [2, 2],
  layers: [{ kind: 'flatten' }, { kind: 'dense', units: 3 }, { kind: 'relu' }, { kind: 'dense', units: 2 }],
};

describe('a resolved network', () => {
  it('names layers by kind and number, and keeps given names', () => {
    const named = resolveNetwork({ ...small, layers: [...small.layers, { kind: 'relu', name: 'last' }] });
    expect(named.layers.map(({ name }) => name)).toEqual(['flatten1', 'fc1', 'relu1', 'fc2', 'last']);
  });

  it('knows the shape before and after every layer', () => {
    const { layers, inputShape, outputShape } = resolveNetwork(small);
    expect(layers.map((layer) => layer.inputShape)).toEqual([[2, 2], [4], [3], [3]]);
    expect(layers.map((layer) => layer.outputShape)).toEqual([[4], [3], [3], [2]]);
    expect([inputShape, outputShape]).toEqual([[2, 2], [2]]);
  });

  it('is plain data, and resolves again from its own specification', () => {
    const network = resolveNetwork(small);
    expect(JSON.parse(JSON.stringify(network))).toEqual(network);
    expect(resolveNetwork(network.spec)).toEqual(network);
  });

  it('lists the parameters of LeNet-300-100 with their fans', () => {
    const { parameters } = resolveNetwork(namedNetwork('lenet-300-100', [28, 28], 10));
    expect(parameters.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['fc1.weight', 784, 300],
      ['fc1.bias', 300],
      ['fc2.weight', 300, 100],
      ['fc2.bias', 100],
      ['fc3.weight', 100, 10],
      ['fc3.bias', 10],
    ]);
    expect(parameters[0]).toEqual({
      name: 'fc1.weight',
      layer: 'fc1',
      kind: 'dense',
      shape: [784, 300],
      fanIn: 784,
      fanOut: 300,
      initial: 'glorot-normal',
      prunable: true,
    });
    expect(parameters[1]).toMatchObject({ initial: 'zeros', prunable: false });
  });
});

describe('the forward pass', () => {
  it('maps a batch of samples to a batch of outputs', () => {
    const network = resolveNetwork(small);
    const builder = new GraphBuilder('test');
    const input = builder.input('input', 'float32', ['batch', 2, 2]);
    const values = network.parameters.map(({ name, shape }) => [name, builder.input(name, 'float32', shape)]);
    const output = forward(
      builder,
      network,
      input,
      Object.fromEntries(values) as Record<string, typeof input>,
    );
    expect(output.shape).toEqual(['batch', 2]);
    expect(builder.nodes.map(({ op }) => op)).toEqual(['Flatten', 'Gemm', 'Relu', 'Gemm']);
  });

  it('names the layer whose parameter is missing', () => {
    const builder = new GraphBuilder('test');
    const input = builder.input('input', 'float32', ['batch', 2, 2]);
    expect(() => forward(builder, resolveNetwork(small), input, {})).toThrow(
      "network 'small', layer 'fc1' (dense): 'fc1.weight' is missing",
    );
  });
});

describe('a specification that is not valid', () => {
  const refused = (spec: unknown, message: string) => {
    expect(() => resolveNetwork(spec)).toThrow(message);
  };

  it('names the nearest known key', () => {
    refused({ ...small, inputs: [4] }, "network: unknown key 'inputs'; did you mean 'input'?");
    refused(
      { ...small, layers: [{ kind: 'flatten' }, { kind: 'dense', unit: 3, units: 3 }] },
      "network 'small', layers[1]: unknown key 'unit'; did you mean 'units'?",
    );
  });

  it('names the nearest known kind', () => {
    refused(
      { ...small, layers: [{ kind: 'dens', units: 3 }] },
      "network 'small', layers[0]: unknown layer kind 'dens'; did you mean 'dense'?",
    );
    refused(
      { ...small, layers: [{ kind: 'constructor' }] },
      "unknown layer kind 'constructor'; known are avgpool, batchnorm",
    );
  });

  it('says what was found and what was expected', () => {
    refused(null, 'network: the value must be of type object, found null');
    refused({ ...small, input: [0] }, "network: 'input[0]' must be at least 1, found 0");
    refused({ ...small, layers: [] }, "network: 'layers' must be at least 1 entries long, found []");
    refused(
      { ...small, layers: [{ kind: 'flatten' }, { kind: 'dense', units: 'many' }] },
      `network 'small', layers[1]: 'units' must be of type number, found "many"`,
    );
    refused({ ...small, layers: [{ kind: 'relu', name: 'a/b' }] }, "network: 'layers[0].name' must be text");
  });

  it('names the layer that cannot take a shape', () => {
    refused(
      { ...small, layers: [{ kind: 'dense', units: 3 }] },
      "network 'small', layer 'fc1' (dense): expects one dimension of features, found shape [2, 2]; " +
        'add a flatten layer before it',
    );
  });

  it('refuses a name that two layers share', () => {
    refused(
      {
        ...small,
        layers: [
          { kind: 'relu', name: 'a' },
          { kind: 'tanh', name: 'a' },
        ],
      },
      "network 'small': two layers are named 'a'; names must differ",
    );
  });
});
