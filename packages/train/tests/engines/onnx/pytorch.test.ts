import { readFileSync } from 'node:fs';
import type { Tensor, Tensors } from '@winning-tickets/onnx';
import {
  float32,
  GraphBuilder,
  gradients,
  int64,
  reduceMean,
  sizeOf,
  tensor,
  zeros,
} from '@winning-tickets/onnx';
import { forward } from '@winning-tickets/ticket';
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engines/onnx/engine.js';
import { openSession } from '../../../src/engines/onnx/session.js';
import type { OptimizerSpec } from '../../../src/index.js';
import { crossEntropy } from '../../../src/losses/cross-entropy.js';
import { denseNetwork, elements, fullMasks, given, initialState, largestError, smallJob } from './support.js';

type Numbers = Record<string, number[]>;

interface Fixture {
  readonly widths: readonly [number, ...number[]];
  readonly inputs: number[];
  readonly labels: number[];
  readonly batches: number[][];
  readonly mask: number[];
  readonly initial: Numbers;
  readonly firstBatch: { readonly loss: number; readonly gradients: Numbers };
  readonly optimizers: Record<string, { readonly loss: number; readonly parameters: Numbers }[]>;
}

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/pytorch/mlp.json', import.meta.url), 'utf8'),
) as Fixture;
const [features, ...units] = fixture.widths;
const network = denseNetwork(features, ...units);
const initial: Tensors = Object.fromEntries(
  network.parameters.map(({ name, shape }) => [name, float32(given(fixture.initial, name), shape)]),
);
const masks: Tensors = {
  ...fullMasks(network),
  'fc1.weight': float32(fixture.mask, given(initial, 'fc1.weight').shape),
};
const samples = {
  inputs: float32(fixture.inputs, [fixture.labels.length, features]),
  labels: tensor('int32', [fixture.labels.length], Int32Array.from(fixture.labels)),
};
const batchSize = fixture.batches[0]?.length ?? 0;
const indices = tensor('int32', [fixture.batches.length, batchSize], Int32Array.from(fixture.batches.flat()));

// Trains one step per call, so that the parameters after each can be compared.
async function train(optimizer: OptimizerSpec) {
  const job = smallJob({ network, optimizer, batchSize, train: samples });
  const program = await onnxEngine.compile(job);
  let state = initialState(job, masks, initial);
  const steps: { loss: number; parameters: Tensors }[] = [];
  for (const [step, batch] of fixture.batches.entries()) {
    const result = await program.run(state, {
      indices: tensor('int32', [1, batchSize], Int32Array.from(batch)),
      rates: Float32Array.of(optimizer.rate),
      seeds: int64([0]),
    });
    state = result.state;
    expect(state.step).toBe(step + 1);
    steps.push({ loss: result.losses[0] ?? NaN, parameters: state.parameters });
  }
  const atOnce = await program.run(initialState(job, masks, initial), {
    indices,
    rates: new Float32Array(fixture.batches.length).fill(optimizer.rate),
    seeds: zeros('int64', [fixture.batches.length]),
  });
  await program.dispose();
  expect(atOnce.state).toEqual(state);
  return steps;
}

function worst(actual: Tensors, expected: Numbers): number {
  return Math.max(
    ...Object.entries(expected).map(([name, values]) => largestError(elements(given(actual, name)), values)),
  );
}

const cases: [string, OptimizerSpec][] = [
  ['sgd', { kind: 'sgd', rate: 0.5 }],
  ['momentum', { kind: 'momentum', rate: 0.1, momentum: 0.9 }],
  ['adam-tensorflow', { kind: 'adam', rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }],
  ['adam-tensorflow-large-epsilon', { kind: 'adam', rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-3 }],
];

describe.each(cases)('%s', (name, optimizer) => {
  test('has the losses and parameters of PyTorch at every step', async () => {
    const steps = await train(optimizer);
    const expected = given(fixture.optimizers, name);
    expect(steps).toHaveLength(expected.length);
    expected.forEach(({ loss, parameters }, index) => {
      expect(Math.abs((steps[index]?.loss ?? NaN) - loss)).toBeLessThan(1e-5);
      expect(worst(steps[index]?.parameters ?? {}, parameters)).toBeLessThan(1e-5);
    });
  });
});

test("torch.optim.Adam is the same but for epsilon's place, which shows only when epsilon is large", async () => {
  const after = async (epsilon: number) =>
    (await train({ kind: 'adam', rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon })).at(-1)?.parameters ?? {};
  const peer = (name: string) => given(fixture.optimizers, name).at(-1)?.parameters ?? {};
  expect(worst(await after(1e-8), peer('adam'))).toBeLessThan(1e-4);
  expect(worst(await after(1e-3), peer('adam-large-epsilon'))).toBeGreaterThan(1e-3);
});

test("the first batch has PyTorch's loss and gradients, those of masked weights included", async () => {
  const builder = new GraphBuilder('gradients');
  const parameters = Object.fromEntries(
    network.parameters.map(({ name, shape }) => [name, builder.input(name, 'float32', shape)]),
  );
  const input = builder.input('input', 'float32', ['batch', features]);
  const labels = builder.input('labels', 'int32', ['batch']);
  const loss = reduceMean(
    builder,
    crossEntropy(builder, forward(builder, network, input, parameters), labels),
  );
  builder.output(loss, 'loss');
  const names = Object.keys(parameters);
  gradients(builder, loss, Object.values(parameters)).forEach((slope, index) => {
    builder.output(slope, `gradient/${names[index] ?? ''}`);
  });
  const session = await openSession(builder.build(), { threads: 1 });
  const outputs = await session.run({ ...initial, ...batch(fixture.batches[0] ?? []) });
  await session.dispose();
  expect(elements(given(outputs, 'loss'))[0]).toBeCloseTo(fixture.firstBatch.loss, 6);
  const slopes = Object.fromEntries(names.map((name) => [name, given(outputs, `gradient/${name}`)]));
  expect(worst(slopes, fixture.firstBatch.gradients)).toBeLessThan(1e-6);
});

function batch(rows: readonly number[]): { input: Tensor; labels: Tensor } {
  const width = sizeOf([features]);
  return {
    input: float32(
      rows.flatMap((row) => fixture.inputs.slice(row * width, (row + 1) * width)),
      [rows.length, width],
    ),
    labels: tensor(
      'int32',
      [rows.length],
      Int32Array.from(rows, (row) => fixture.labels[row] ?? -1),
    ),
  };
}
