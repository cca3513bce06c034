import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { sizeOf, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import type { LayerSpec, Network } from '../../src/index.js';
import { resolveNetwork } from '../../src/index.js';

export interface Case {
  readonly network: Network;
  readonly parameters: Tensors;
  readonly samples: readonly (readonly number[])[];
}

const activation = fc.constantFrom('relu', 'sigmoid', 'tanh', 'none');

/** Networks of random depth and widths whose weights and biases are zero to a random degree, with samples. */
export const randomCase: fc.Arbitrary<Case> = fc
  .record({
    input: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
    before: activation,
    hidden: fc.array(fc.record({ units: fc.integer({ min: 1, max: 6 }), activation }), { maxLength: 4 }),
    outputs: fc.record({ units: fc.integer({ min: 1, max: 4 }), activation }),
  })
  .map(({ input, before, hidden, outputs }) =>
    resolveNetwork({
      name: 'random',
      input,
      layers: [
        ...activationLayer(before),
        { kind: 'flatten' },
        ...[...hidden, outputs].flatMap(({ units, activation: kind }) => [
          { kind: 'dense', units },
          ...activationLayer(kind),
        ]),
      ],
    }),
  )
  .chain((network) =>
    fc.record({
      network: fc.constant(network),
      parameters: randomParameters(network),
      samples: fc.array(numbers(sizeOf(network.inputShape)), { minLength: 3, maxLength: 3 }),
    }),
  );

function activationLayer(kind: string): LayerSpec[] {
  return kind === 'none' ? [] : [{ kind }];
}

function numbers(count: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: -40, max: 40 }), { minLength: count, maxLength: count }).map(scaled);
}

function scaled(values: readonly number[]): number[] {
  return values.map((value) => value / 16);
}

function randomParameters(network: Network): fc.Arbitrary<Tensors> {
  return fc
    .tuple(
      ...network.parameters.map(({ name, shape }) => randomTensor(shape).map((values) => [name, values])),
    )
    .map((entries) => Object.fromEntries(entries) as Tensors);
}

function randomTensor(shape: readonly number[]): fc.Arbitrary<Tensor> {
  const size = sizeOf(shape);
  return fc
    .record({
      values: numbers(size),
      density: fc.constantFrom(0, 0.1, 0.3, 0.6, 1),
      draws: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: size, maxLength: size }),
    })
    .map(({ values, density, draws }) => {
      const kept = values.map((value, index) => ((draws[index] ?? 0) < density ? value : 0));
      return tensor('float32', shape, Float32Array.from(kept));
    });
}
