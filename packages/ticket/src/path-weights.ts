import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { tensor } from '@winning-tickets/onnx';
import { given } from './given.js';
import type { Network } from './network.js';
import { layerOfKind } from './layers/registry.js';

/**
 * What each input adds to each output when every ReLU lets everything through: the product of a network's weight matrices,
 * which is the sum over all surviving paths of the product of their weights.
 *
 * @param values parameters, float32, zero where pruned.
 * @returns `[inputs, outputs]` float32; undefined for networks of other layers than dense ones and ReLU, with dropout and
 *   flattening between them.
 */
export function pathWeights(network: Network, values: Tensors): Tensor<'float32'> | undefined {
  const through = ({ kind }: { kind: string }) =>
    kind === 'relu' || kind === 'flatten' || layerOfKind(kind).onlyInTraining === true;
  if (!network.layers.every((layer) => layer.kind === 'dense' || through(layer))) return undefined;
  const matrices = network.layers
    .filter(({ kind }) => kind === 'dense')
    .map(({ name }) => given(values, `${name}.weight`) as Tensor<'float32'>);
  // From the outputs back: they are few.
  return matrices.reduceRight<Tensor<'float32'> | undefined>(
    (behind, matrix) => (behind ? product(matrix, behind) : matrix),
    undefined,
  );
}

function product(a: Tensor<'float32'>, b: Tensor<'float32'>): Tensor<'float32'> {
  const [rows = 0, inner = 0] = a.shape;
  const [, columns = 0] = b.shape;
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let middle = 0; middle < inner; middle++) {
      const weight = a.data[row * inner + middle] ?? 0;
      if (weight === 0) continue;
      for (let column = 0; column < columns; column++) {
        const place = row * columns + column;
        result[place] = (result[place] ?? 0) + weight * (b.data[middle * columns + column] ?? 0);
      }
    }
  }
  return tensor('float32', [rows, columns], result);
}

/**
 * For each output the inputs whose path weights to it are largest, the largest first; those that are not above zero are
 * left out.
 *
 * @param weights `[inputs, outputs]`, see `pathWeights`.
 */
export function strongestInputs({ shape, data }: Tensor<'float32'>, count: number): number[][] {
  const [inputs = 0, outputs = 0] = shape;
  return Array.from({ length: outputs }, (_, output) => {
    const weightOf = (input: number) => data[input * outputs + output] ?? 0;
    return Array.from({ length: inputs }, (__, input) => input)
      .filter((input) => weightOf(input) > 0)
      .sort((a, b) => weightOf(b) - weightOf(a) || a - b)
      .slice(0, count);
  });
}
