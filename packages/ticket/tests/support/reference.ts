import type { Tensors } from '@winning-tickets/onnx';
import type { Network, ResolvedLayer } from '../../src/index.js';

/** A network's output for one sample in double precision, written without the code under test. */
export function evaluate(network: Network, parameters: Tensors, sample: readonly number[]): number[] {
  return network.layers.reduce<number[]>((x, layer) => evaluateLayer(layer, parameters, x), [...sample]);
}

function evaluateLayer(layer: ResolvedLayer, parameters: Tensors, x: readonly number[]): number[] {
  switch (layer.kind) {
    case 'flatten':
      return [...x];
    case 'relu':
      return x.map((value) => (value > 0 ? value : 0));
    case 'sigmoid':
      return x.map((value) => 1 / (1 + Math.exp(-value)));
    case 'tanh':
      return x.map((value) => Math.tanh(value));
    case 'dense': {
      const weight = numbersOf(parameters, `${layer.name}.weight`);
      const bias = numbersOf(parameters, `${layer.name}.bias`);
      return bias.map((b, unit) =>
        x.reduce((sum, value, input) => sum + value * (weight[input * bias.length + unit] ?? NaN), b),
      );
    }
    default:
      throw new Error(`no reference for ${layer.kind}`);
  }
}

function numbersOf(parameters: Tensors, name: string): number[] {
  return [...(parameters[name]?.data ?? [])].map(Number);
}
