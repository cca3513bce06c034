import type { Tensors } from '@winning-tickets/onnx';
import { float32, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactNetwork, resolveNetwork } from '../src/index.js';
import { randomCase } from './support/random-network.js';
import { evaluate } from './support/reference.js';
import { run } from './support/runtime.js';

const runs = { seed: 1, numRuns: 200 };

const network = resolveNetwork({
  name: 'small',
  input: [2, 2],
  layers: [{ kind: 'flatten' }, { kind: 'dense', units: 3 }, { kind: 'relu' }, { kind: 'dense', units: 2 }],
});

// Unit 0 sees inputs 1 and 3; unit 1 sees nothing and is the constant relu(2); unit 2 sees input 2, unused.
const parameters: Tensors = {
  'fc1.weight': float32([0, 0, 0, 5, 0, 0, 0, 0, 7, 6, 0, 0], [4, 3]),
  'fc1.bias': float32([1, 2, 3]),
  'fc2.weight': float32([1, -1, 10, 0, 0, 0], [3, 2]),
  'fc2.bias': float32([0.5, 0.25]),
};

describe('exact compaction', () => {
  it('keeps what varies and is used, and folds constants into the next bias', () => {
    const compact = compactNetwork(network, parameters);
    expect(compact.liveInputs).toEqual([1, 3]);
    expect(compact.removed).toEqual({ inputs: 2, units: { fc1: 2, fc2: 0 } });
    expect(compact.network.spec.layers).toEqual([
      { kind: 'dense', name: 'fc1', units: 1 },
      { kind: 'relu', name: 'relu1' },
      { kind: 'dense', name: 'fc2', units: 2 },
    ]);
    expect(compact.parameters).toEqual({
      'fc1.weight': float32([5, 6], [2, 1]),
      'fc1.bias': float32([1]),
      'fc2.weight': float32([1, -1], [1, 2]),
      'fc2.bias': float32([20.5, 0.25]),
    });
  });

  it('leaves a network without zeros as it is, but for the flat input', () => {
    const dense = Object.fromEntries(
      network.parameters.map(({ name, shape }) => {
        const size = shape.reduce((product, length) => product * length, 1);
        return [name, tensor('float32', shape, new Float32Array(size).fill(0.5))];
      }),
    );
    const compact = compactNetwork(network, dense);
    expect(compact.parameters).toEqual(dense);
    expect(compact.removed).toEqual({ inputs: 0, units: { fc1: 0, fc2: 0 } });
  });

  it('keeps the first input and the first unit where nothing would be left', () => {
    const nothing: Tensors = { ...parameters, 'fc1.weight': tensor('float32', [4, 3], new Float32Array(12)) };
    const compact = compactNetwork(network, nothing);
    expect(compact.liveInputs).toEqual([0]);
    expect(compact.parameters['fc1.weight']).toEqual(float32([0], [1, 1]));
    expect(compact.parameters['fc1.bias']).toEqual(float32([1]));
    const expected = evaluate(network, nothing, [1, 2, 3, 4]);
    expect(evaluate(compact.network, compact.parameters, [1])).toEqual(expected);
  });

  it('computes the same function as the masked network', () => {
    fc.assert(
      fc.property(randomCase, ({ network, parameters, samples }) => {
        const compact = compactNetwork(network, parameters);
        for (const sample of samples) {
          const live = compact.liveInputs.map((index) => sample[index] ?? NaN);
          expectClose(
            evaluate(compact.network, compact.parameters, live),
            evaluate(network, parameters, sample),
          );
        }
      }),
      runs,
    );
  });

  it('reaches its fixed point in one pass', () => {
    fc.assert(
      fc.property(randomCase, ({ network, parameters }) => {
        const once = compactNetwork(network, parameters);
        const twice = compactNetwork(once.network, once.parameters);
        expect(twice.network).toEqual(once.network);
        expect(twice.parameters).toEqual(once.parameters);
        expect(twice.liveInputs).toEqual(once.liveInputs.map((_, index) => index));
      }),
      runs,
    );
  });

  it('leaves no unit without a use and, but for outputs and stand-ins, none that is constant', () => {
    fc.assert(
      fc.property(randomCase, ({ network, parameters }) => {
        const compact = compactNetwork(network, parameters);
        const denseLayers = compact.network.layers.filter(({ kind }) => kind === 'dense');
        for (const [index, { name, inputShape, outputShape }] of denseLayers.entries()) {
          const [inputs = 0] = inputShape;
          const [units = 0] = outputShape;
          const weight = compact.parameters[`${name}.weight`]?.data ?? [];
          const at = (input: number, unit: number) => weight[input * units + unit];
          if (inputs > 1) {
            for (let input = 0; input < inputs; input++) {
              expect(range(units).some((unit) => at(input, unit) !== 0)).toBe(true);
            }
          }
          if (units > 1 && index < denseLayers.length - 1) {
            for (let unit = 0; unit < units; unit++) {
              expect(range(inputs).some((input) => at(input, unit) !== 0)).toBe(true);
            }
          }
        }
      }),
      runs,
    );
  });

  it('gives graphs that ONNX Runtime computes alike', async () => {
    await fc.assert(
      fc.asyncProperty(randomCase, async ({ network, parameters, samples }) => {
        const compact = compactNetwork(network, parameters);
        const live = samples.map((sample) => compact.liveInputs.map((index) => sample[index] ?? NaN));
        const expected = await run(network, parameters, samples);
        expectClose(await run(compact.network, compact.parameters, live), expected);
      }),
      { seed: 1, numRuns: 30 },
    );
  });
});

describe('parameters that do not fit', () => {
  it('are refused by name', () => {
    expect(() => compactNetwork(network, {})).toThrow("'fc1.weight' is missing");
    expect(() => compactNetwork(network, { ...parameters, 'fc1.bias': float32([1]) })).toThrow(
      "parameter 'fc1.bias' must be float32 [3], found float32 [1]",
    );
  });
});

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  for (const [index, value] of expected.entries()) {
    expect(Math.abs((found[index] ?? NaN) - value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
  }
}
