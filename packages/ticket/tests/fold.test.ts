import { float32 } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldNetwork, resolveNetwork } from '../src/index.js';
import { randomImageCase } from './support/random-image-network.js';
import { run } from './support/runtime.js';

describe('folding', () => {
  it('leaves the function of a network as it is', async () => {
    let folded = 0;
    await fc.assert(
      fc.asyncProperty(randomImageCase, async ({ network, values, samples }) => {
        const result = foldNetwork(network, values);
        if (result.network.parameters.length < network.parameters.length) folded++;
        const expected = await run(network, values, samples);
        const found = await run(result.network, result.values, samples);
        expected.forEach((value, index) => {
          expect(Math.abs((found[index] ?? NaN) - value)).toBeLessThanOrEqual(
            1e-4 * Math.max(1, Math.abs(value)),
          );
        });
      }),
      { seed: 3, numRuns: 60 },
    );
    expect(folded).toBeGreaterThan(15);
  });

  it('leaves a network without anything to fold as it is, values and all', () => {
    const network = resolveNetwork({
      name: 'plain',
      input: [2],
      layers: [{ kind: 'dense', units: 2 }, { kind: 'relu' }, { kind: 'batchnorm' }],
    });
    const values = Object.fromEntries(
      [...network.parameters, ...network.buffers].map(({ name, shape }) => [
        name,
        float32([1, 2, 3, 4].slice(0, shape[0] === 2 && shape.length === 1 ? 2 : 4), shape),
      ]),
    );
    const result = foldNetwork(network, values);
    expect(result.values).toEqual(values);
    expect(result.network.layers).toEqual(network.layers);
  });

  it('multiplies each column of a dense layer, and each filter of a convolution, by the factor of its channel', () => {
    const network = resolveNetwork({
      name: 'small',
      input: [2],
      layers: [
        { kind: 'dense', units: 2 },
        { kind: 'batchnorm', epsilon: 1 },
        { kind: 'dropout', rate: 0.5 },
      ],
    });
    const { network: folded, values } = foldNetwork(network, {
      'fc1.weight': float32([1, 2, 0, 4], [2, 2]),
      'fc1.bias': float32([1, 1]),
      'bn1.scale': float32([2, 4]),
      'bn1.bias': float32([0, 10]),
      'bn1.mean': float32([1, -1]),
      'bn1.variance': float32([3, 3]),
    });
    expect(folded.spec.layers).toEqual([{ kind: 'dense', name: 'fc1', units: 2 }]);
    expect(values).toEqual({
      'fc1.weight': float32([1, 4, 0, 8], [2, 2]),
      'fc1.bias': float32([0, 14]),
    });
  });
});
