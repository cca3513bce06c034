import type { Value } from '@winning-tickets/onnx';
import { float32, gradients, GraphBuilder, mul, reduceSum, sizeOf } from '@winning-tickets/onnx';
import { forward, resolveNetwork } from '@winning-tickets/ticket';
import { expect, test } from 'vitest';
import { openSession } from '../../../src/engines/onnx/session.js';
import { initializeParameters, stream } from '../../../src/index.js';

const network = resolveNetwork({
  name: 'pooled',
  input: [2, 7, 7],
  layers: [
    { kind: 'conv2d', filters: 3, kernel: 3 },
    { kind: 'relu' },
    { kind: 'maxpool', kernel: 2, stride: 1, padding: 1 },
    { kind: 'conv2d', filters: 4, kernel: 2 },
    { kind: 'relu' },
    { kind: 'globalmaxpool' },
  ],
});

/** The output and every gradient, by name, of a network in its own order or in that of training. */
async function computed(training: boolean) {
  const builder = new GraphBuilder('order');
  const input = builder.input('input', 'float32', [5, ...network.inputShape]);
  const values = network.parameters.map(({ name, shape }) => builder.input(name, 'float32', shape));
  const byName: Record<string, Value> = Object.fromEntries(values.map((value) => [value.name, value]));
  const context = training ? { seed: undefined, nextBuffers: new Map<string, Value>() } : undefined;
  const output = forward(builder, network, input, byName, context);
  const weights = builder.input('weights', 'float32', [5, 4]);
  const slopes = gradients(builder, reduceSum(builder, mul(builder, output, weights), [0, 1]), [
    input,
    ...values,
  ]);
  [output, ...slopes].forEach((value, index) => {
    builder.output(value, `result${index}`);
  });
  const session = await openSession(builder.build(), { threads: 1 });
  const random = stream(3, 'order');
  const drawn = (shape: readonly number[]) =>
    float32(
      Array.from({ length: sizeOf(shape) }, () => random.normal()),
      shape,
    );
  const results = await session.run({
    input: drawn([5, ...network.inputShape]),
    weights: drawn([5, 4]),
    ...initializeParameters(network, 3),
  });
  await session.dispose();
  // The sign of a zero is not looked at.
  return Object.values(results).map(({ data }) => Array.from(data as Float32Array, (value) => value + 0));
}

test('a ReLU behind the pooling gives the same output and the same gradients, to the last bit', async () => {
  const own = await computed(false);
  expect(await computed(true)).toEqual(own);
  expect(own.flat().filter((value) => value !== 0).length).toBeGreaterThan(100);
});
