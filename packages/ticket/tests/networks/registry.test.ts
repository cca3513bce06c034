import { describe, expect, it } from 'vitest';
import { namedNetwork, networkNames, resolveNetwork } from '../../src/index.js';

describe('named networks', () => {
  it('resolve for the shape and the number of classes asked for', () => {
    for (const name of networkNames()) {
      const network = resolveNetwork(namedNetwork(name, [28, 28], 7));
      expect([network.spec.name, network.inputShape, network.outputShape]).toEqual([name, [28, 28], [7]]);
    }
  });

  it('are suggested when a name is nearly right', () => {
    expect(() => namedNetwork('lenet-300', [28, 28], 10)).toThrow(
      "unknown network 'lenet-300'; did you mean 'lenet-300-100'?",
    );
  });
});
