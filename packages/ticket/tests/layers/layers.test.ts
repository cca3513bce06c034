import { float32 } from '@winning-tickets/onnx';
import { describe, expect, it } from 'vitest';
import { layerKinds, resolveNetwork } from '../../src/index.js';
import { evaluate } from '../support/reference.js';
import { run } from '../support/runtime.js';

const samples = [
  [-2, -0.5, 0, 1.5],
  [3, 0.25, -7, 0.125],
];

describe('every kind of layer', () => {
  it.each(layerKinds())('%s computes in ONNX Runtime what its definition says', async (kind) => {
    const layers = [{ kind, ...(kind === 'dense' ? { units: 3 } : {}) }];
    const network = resolveNetwork({ name: kind, input: [4], layers });
    const values = [0.5, -1, 2, 0, 3, 0.25, -0.75, 1, 1, -2, 0.5, 4];
    const parameters = { 'fc1.weight': float32(values, [4, 3]), 'fc1.bias': float32([0.5, -1, 2]) };
    const used = kind === 'dense' ? parameters : {};
    const outputs = await run(network, used, samples);
    const expected = samples.flatMap((sample) => evaluate(network, used, sample));
    expect(outputs.length).toBe(expected.length);
    expected.forEach((value, index) => {
      expect(outputs[index]).toBeCloseTo(value, 5);
    });
  });

  it.each(layerKinds())('%s refuses a key that it does not have', (kind) => {
    const layers = [{ kind, ...(kind === 'dense' ? { units: 3 } : {}), colour: 'red' }];
    expect(() => resolveNetwork({ name: 'x', input: [4], layers })).toThrow("unknown key 'colour'");
  });
});
