import { sizeOf } from '@winning-tickets/onnx';
import { describe, expect, it } from 'vitest';
import { namedNetwork, networkNames, resolveNetwork } from '../../src/index.js';

/** What networks over text take: a sequence of so many words of a vocabulary, or a bag. */
const text: Record<string, [number[], number | undefined]> = {
  'text-cnn': [[60], 1000],
  'reuters-cnn': [[60], 1000],
  'reuters-ffnn': [[1000], undefined],
};

describe('named networks', () => {
  it('resolve for the shape and the number of classes asked for', () => {
    for (const name of networkNames()) {
      const [input, vocabulary] = text[name] ?? [[28, 28], undefined];
      const network = resolveNetwork(namedNetwork(name, input, 7, vocabulary));
      expect([network.spec.name, network.inputShape, network.outputShape]).toEqual([name, input, [7]]);
    }
  });

  it('have as many weights as their papers say', () => {
    const weights = (name: string, input: readonly number[]) =>
      resolveNetwork(namedNetwork(name, input, 10))
        .parameters.filter(({ prunable }) => prunable)
        .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect(weights('lenet-300-100', [28, 28])).toBe(266_200);
    expect(weights('lenet-5', [28, 28])).toBe(61_470);
    // Frankle & Carbin 2019, figure 2, on CIFAR-10: 4.3 M and 2.4 M; 1.7 M for Conv-6, which its layers do not add up to.
    expect(weights('conv-2', [3, 32, 32])).toBe(4_300_992);
    expect(weights('conv-4', [3, 32, 32])).toBe(2_425_024);
    expect(weights('conv-6', [3, 32, 32])).toBe(2_261_184);
  });

  it('over words need a vocabulary', () => {
    expect(() => namedNetwork('text-cnn', [28, 28], 10)).toThrow(
      "network 'text-cnn' takes sequences of words, found data without a vocabulary",
    );
  });

  it('are suggested when a name is nearly right', () => {
    expect(() => namedNetwork('lenet-300', [28, 28], 10)).toThrow(
      "unknown network 'lenet-300'; did you mean 'lenet-300-100'?",
    );
  });
});
