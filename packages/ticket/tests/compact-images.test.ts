import type { Tensors } from '@winning-tickets/onnx';
import { float32, sizeOf, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayerSpec } from '../src/index.js';
import { compactNetwork, resolveNetwork, usedPart } from '../src/index.js';
import { randomImageCase } from './support/random-image-network.js';
import { run } from './support/runtime.js';

describe('exact compaction of convolutional networks', () => {
  it('computes the same function as the masked network', async () => {
    let smaller = 0;
    await fc.assert(
      fc.asyncProperty(randomImageCase, async ({ network, values, samples }) => {
        const compact = compactNetwork(network, values);
        const whole = sizeOf(compact.network.inputShape) === sizeOf(network.inputShape);
        const live = whole
          ? samples
          : samples.map((sample) => compact.liveInputs.map((index) => sample[index] ?? NaN));
        const count = (parameters: readonly { shape: readonly number[] }[]) =>
          parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
        if (count(compact.network.parameters) < count(network.parameters)) smaller++;
        expectClose(
          await run(compact.network, compact.parameters, live),
          await run(network, values, samples),
        );
      }),
      { seed: 1, numRuns: 150 },
    );
    // The cases are such that there is something to remove.
    expect(smaller).toBeGreaterThan(75);
  });

  it('reaches its fixed point in one pass', () => {
    fc.assert(
      fc.property(randomImageCase, ({ network, values }) => {
        const once = compactNetwork(network, values);
        const twice = compactNetwork(once.network, once.parameters);
        expect(twice.parameters).toEqual(once.parameters);
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});

const image = (layers: LayerSpec[], input = [2, 4, 4]) => resolveNetwork({ name: 'test', input, layers });

/** Parameters of ones, but for the weights that are given. */
function ones(network: ReturnType<typeof image>, given: Record<string, number[]> = {}): Tensors {
  return Object.fromEntries(
    [...network.parameters, ...network.buffers].map(({ name, shape }) => [
      name,
      given[name]
        ? float32(given[name], shape)
        : tensor('float32', shape, new Float32Array(sizeOf(shape)).fill(1)),
    ]),
  );
}

describe('a filter', () => {
  const head = [{ kind: 'relu' }, { kind: 'globalavgpool' }, { kind: 'dense', units: 1 }];
  const network = image([
    { kind: 'conv2d', filters: 3, kernel: 1 },
    { kind: 'relu' },
    { kind: 'conv2d', filters: 2, kernel: 1 },
    ...head,
  ]);

  it('without a use disappears from both sides', () => {
    const values = ones(network, { 'conv2.weight': [1, 0, 1, 1, 0, 1] });
    const { network: compact, parameters, removed } = compactNetwork(network, values);
    expect(compact.layers[0]?.outputShape).toEqual([2, 4, 4]);
    expect(parameters['conv2.weight']?.shape).toEqual([2, 2, 1, 1]);
    expect(removed.units).toEqual({ conv1: 1, conv2: 0, fc1: 0 });
  });

  it('without inputs is folded into the biases behind it, through the function between', () => {
    const values = ones(network, {
      'conv1.weight': [1, 1, 0, 0, 1, 1],
      'conv1.bias': [0, 3, 0],
      'conv2.weight': [1, 2, 1, 1, -1, 1],
      'conv2.bias': [0, 10],
    });
    const { network: compact, parameters } = compactNetwork(network, values);
    expect(compact.layers[0]?.outputShape).toEqual([2, 4, 4]);
    expect(Array.from(parameters['conv2.bias']?.data as Float32Array)).toEqual([6, 7]);
  });

  it('that is constant stays where padding would interrupt it', () => {
    const padded = image([
      { kind: 'conv2d', filters: 2, kernel: 1 },
      { kind: 'relu' },
      { kind: 'conv2d', filters: 2, kernel: 3, padding: 1 },
      ...head,
    ]);
    const values = (bias: number) => ones(padded, { 'conv1.weight': [1, 1, 0, 0], 'conv1.bias': [0, bias] });
    expect(compactNetwork(padded, values(3)).network.layers[0]?.outputShape).toEqual([2, 4, 4]);
    // Zero is what padding is; ReLU makes it of what is negative.
    expect(compactNetwork(padded, values(-3)).network.layers[0]?.outputShape).toEqual([1, 4, 4]);
  });

  it('takes its batch normalisation with it', () => {
    const normalised = image([
      { kind: 'conv2d', filters: 3, kernel: 1 },
      { kind: 'batchnorm' },
      { kind: 'relu' },
      { kind: 'conv2d', filters: 1, kernel: 1 },
      ...head,
    ]);
    const values = ones(normalised, { 'conv2.weight': [1, 0, 1], 'bn1.mean': [1, 2, 3] });
    const { parameters } = compactNetwork(normalised, values);
    expect(parameters['bn1.mean']).toEqual(float32([1, 3]));
  });

  it('stays on both ways of a sum, or on neither', () => {
    const summed = image(
      [
        { kind: 'conv2d', filters: 3, kernel: 1, name: 'stem' },
        { kind: 'residual', name: 'block', layers: [{ kind: 'conv2d', filters: 3, kernel: 1 }] },
        { kind: 'conv2d', filters: 1, kernel: 1, name: 'last' },
        ...head,
      ],
      [1, 4, 4],
    );
    // The block's filter 1 has no inputs, but the sum with channel 1 varies; channel 2 is of no use to anything.
    const values = ones(summed, {
      'block.conv1.weight': [1, 1, 0, 0, 0, 0, 1, 1, 0],
      'last.weight': [1, 1, 0],
    });
    const { network: compact } = compactNetwork(summed, values);
    expect(compact.layers.slice(0, 2).map(({ outputShape }) => outputShape)).toEqual([
      [2, 4, 4],
      [2, 4, 4],
    ]);
  });
});

describe('the part of a convolutional network that training reaches', () => {
  it('has the channels that lead on, with the positions of their weights', () => {
    const network = image([
      { kind: 'conv2d', filters: 2, kernel: 1 },
      { kind: 'batchnorm' },
      { kind: 'relu' },
      { kind: 'globalavgpool' },
      { kind: 'dense', units: 1 },
    ]);
    const used = new Array<boolean>(32).fill(true);
    const part = usedPart(network, { 'fc1.weight': float32([0, 1], [2, 1]) }, used);
    expect(part?.network.inputShape).toEqual([2, 4, 4]);
    expect(part?.positions).toEqual({
      'conv1.weight': Int32Array.of(2, 3),
      'conv1.bias': Int32Array.of(1),
      'bn1.scale': Int32Array.of(1),
      'bn1.bias': Int32Array.of(1),
      'bn1.mean': Int32Array.of(1),
      'bn1.variance': Int32Array.of(1),
      'fc1.weight': Int32Array.of(1),
      'fc1.bias': Int32Array.of(0),
    });
  });

  it('is not taken where training draws random numbers by place', () => {
    const network = image([{ kind: 'flatten' }, { kind: 'dropout', rate: 0.5 }, { kind: 'dense', units: 1 }]);
    expect(usedPart(network, {}, [false, ...new Array<boolean>(31).fill(true)])).toBeUndefined();
  });
});

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  for (const [index, value] of expected.entries()) {
    expect(Math.abs((found[index] ?? NaN) - value)).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(value)));
  }
}
