import { readFileSync } from 'node:fs';
import type { Tensors, Value } from '@winning-tickets/onnx';
import {
  add,
  float32,
  GraphBuilder,
  gradients,
  mul,
  reduceMean,
  reduceSum,
  tensor,
} from '@winning-tickets/onnx';
import type { Network, NetworkSpec, Training } from '@winning-tickets/ticket';
import { forward, layerKinds, resolveNetwork, withInner } from '@winning-tickets/ticket';
import { describe, expect, test } from 'vitest';
import { openSession } from '../../../src/engines/onnx/session.js';
import { crossEntropy } from '../../../src/losses/cross-entropy.js';
import { elements, given, largestError } from './support.js';

type Numbers = Readonly<Record<string, readonly number[]>>;

interface Case {
  readonly network: NetworkSpec;
  readonly inputs: readonly number[];
  readonly labels: readonly number[];
  /** Parameters and buffers. */
  readonly values: Numbers;
  /** What the Hessian is multiplied with, by parameter. */
  readonly direction: Numbers;
  readonly expected: Readonly<Record<Quantity, Numbers>>;
}

const quantities = ['loss', 'gradients', 'hessianProduct', 'nextBuffers'] as const;
type Quantity = (typeof quantities)[number];

/**
 * What float32 may differ by, as a share of the largest number of a tensor, or of a tenth of the largest of all, where
 * that is more: the gradient of a bias in front of a batch normalisation is zero.
 */
const tolerances: Readonly<Record<Quantity, number>> = {
  loss: 1e-6,
  gradients: 1e-5,
  hessianProduct: 5e-5,
  nextBuffers: 1e-6,
};

const { networks: cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/pytorch/layers.json', import.meta.url), 'utf8'),
) as { networks: Case[] };

// Everything that is compared as one graph, whose outputs are called `<quantity>/<name>`.
function comparedGraph(network: Network) {
  const builder = new GraphBuilder('compared');
  const input = builder.input('input', network.inputDType, ['batch', ...network.inputShape]);
  const labels = builder.input('labels', 'int32', ['batch']);
  const values = Object.fromEntries(
    [...network.parameters, ...network.buffers].map(({ name, shape }) => [
      name,
      builder.input(name, 'float32', shape),
    ]),
  );
  const lossOf = (training?: Training) =>
    reduceMean(builder, crossEntropy(builder, forward(builder, network, input, values, training), labels));
  const nextBuffers = new Map<string, Value>();
  const loss = lossOf({ seed: undefined, nextBuffers });
  builder.output(loss, 'loss/training');
  builder.output(lossOf(), 'loss/evaluation');

  const { parameters } = network;
  const slopesOf = (value: Value, quantity: Quantity) => {
    const wrt = parameters.map(({ name }) => given(values, name));
    const slopes = gradients(builder, value, wrt);
    slopes.forEach((slope, index) => {
      builder.output(slope, `${quantity}/${parameters[index]?.name ?? ''}`);
    });
    return slopes;
  };
  const alongDirection = slopesOf(loss, 'gradients')
    .map((slope, index) => {
      const direction = builder.input(`direction/${parameters[index]?.name ?? ''}`, 'float32', slope.shape);
      return reduceSum(builder, mul(builder, slope, direction));
    })
    .reduce((sum, part) => add(builder, sum, part));
  slopesOf(alongDirection, 'hessianProduct');
  for (const [name, value] of nextBuffers) builder.output(value, `nextBuffers/${name}`);
  return builder.build();
}

async function computed(network: Network, { inputs, labels, values, direction }: Case): Promise<Tensors> {
  const shape = [labels.length, ...network.inputShape];
  const session = await openSession(comparedGraph(network), { threads: 1 });
  const outputs = await session.run({
    input:
      network.inputDType === 'int32'
        ? tensor('int32', shape, Int32Array.from(inputs))
        : float32(inputs, shape),
    labels: tensor('int32', [labels.length], Int32Array.from(labels)),
    ...Object.fromEntries(
      [...network.parameters, ...network.buffers].map((each) => [
        each.name,
        float32(given(values, each.name), each.shape),
      ]),
    ),
    ...Object.fromEntries(
      network.parameters.map((each) => [
        `direction/${each.name}`,
        float32(given(direction, each.name), each.shape),
      ]),
    ),
  });
  await session.dispose();
  return outputs;
}

const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));

// The largest error among the tensors of a quantity, in the terms of the tolerances.
function worst(outputs: Tensors, quantity: Quantity, expected: Numbers): number {
  const floor = 0.1 * largest(Object.values(expected).flat());
  return Math.max(
    0,
    ...Object.entries(expected).map(
      ([name, values]) =>
        largestError(elements(given(outputs, `${quantity}/${name}`)), values) /
        Math.max(largest(values), floor),
    ),
  );
}

describe.each(cases.map((one) => [one.network.name, one] as const))('a network of %s', (_name, one) => {
  const network = resolveNetwork(one.network);

  test("has PyTorch's losses, gradients, Hessian and running statistics", async () => {
    const outputs = await computed(network, one);
    const names = Object.entries(one.expected).flatMap(([quantity, tensors]) =>
      Object.keys(tensors).map((name) => `${quantity}/${name}`),
    );
    expect(Object.keys(outputs).toSorted()).toEqual(names.toSorted());
    for (const quantity of quantities) {
      const error = worst(outputs, quantity, one.expected[quantity]);
      expect(error, quantity).toBeLessThan(tolerances[quantity]);
    }
  });
});

test('every kind of layer is compared, but for dropout, which draws other numbers', () => {
  const compared = cases.flatMap(({ network }) =>
    resolveNetwork(network)
      .layers.flatMap(withInner)
      .map(({ kind }) => kind),
  );
  expect(new Set([...compared, 'dropout'])).toEqual(new Set(layerKinds()));
});
