import type { Tensors } from '@winning-tickets/onnx';
import { float32, GraphBuilder, int64, relu, tensor, zeros } from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engines/onnx/engine.js';
import type { Samples, TrainingJob, TrainState } from '../../../src/index.js';
import { initializeParameters, stream } from '../../../src/index.js';
import {
  denseNetwork,
  elements,
  fullMasks,
  given,
  initialState,
  planOf,
  randomMasks,
  randomSamples,
  smallJob,
  withRate,
  written,
} from './support.js';

const kinds = ['sgd', 'momentum', 'adam'] as const;

async function trained(job: TrainingJob, start: TrainState, chunks: readonly number[]) {
  const program = await onnxEngine.compile(job);
  let state = start;
  const losses: number[] = [];
  for (const steps of chunks) {
    const result = await program.run(state, planOf(job, state.step, steps));
    state = result.state;
    losses.push(...result.losses);
  }
  await program.dispose();
  return { state, losses };
}

function expectMaskedZero(parameters: Tensors, masks: Tensors): void {
  for (const [name, mask] of Object.entries(masks)) {
    const kept = elements(mask);
    expect(
      elements(given(parameters, name)).every((weight, index) => kept[index] === 1 || weight === 0),
    ).toBe(true);
  }
}

// Exactly the density asked for in each layer, but for rounding: every so many weights one is masked.
function fixedDensityMasks(network: Network, density: number): Tensors {
  return Object.fromEntries(
    Object.entries(fullMasks(network)).map(([name, mask]) => [
      name,
      float32(
        elements(mask).map((_, index) => Math.floor((index + 1) * density) - Math.floor(index * density)),
        mask.shape,
      ),
    ]),
  );
}

describe.each(kinds)('training with %s', (kind) => {
  const job = smallJob({ optimizer: withRate(kind, { sgd: 0.1, momentum: 0.02, adam: 0.01 }[kind]) });

  test('keeps masked weights and their slots at exactly zero through 50 steps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1000),
        fc.double({ min: 0.02, max: 0.9, noNaN: true }),
        async (seed, density) => {
          const masks = randomMasks(job.network, seed, density);
          const { state } = await trained(job, initialState(job, masks), [50]);
          for (const [name, mask] of Object.entries(masks)) {
            const keys = Object.keys(state.slots).filter((key) => key.endsWith(`/${name}`));
            for (const value of [
              given(state.parameters, name),
              ...keys.map((key) => given(state.slots, key)),
            ]) {
              const pruned = elements(value).filter((_, index) => elements(mask)[index] === 0);
              expect(pruned.every((weight) => weight === 0)).toBe(true);
            }
          }
        },
      ),
      { seed: 1, numRuns: 5 },
    );
  });

  // Below 70 % the engine keeps the survivors alone; of a layer without any it keeps everything.
  test.each([
    ['just above', 0.75],
    ['just below', 0.65],
    ['well below', 0.4],
  ])('keeps masked weights at zero %s the density where the form changes', async (_, density) => {
    const masks = fixedDensityMasks(job.network, density);
    const { state } = await trained(job, initialState(job, masks), [13, 7]);
    expectMaskedZero(state.parameters, masks);
    for (const [name, mask] of Object.entries(masks)) {
      const before = elements(given(initialState(job, masks).parameters, name));
      const after = elements(given(state.parameters, name));
      const moved = after.filter((weight, index) => weight !== before[index]).length;
      expect(moved).toBeGreaterThan(0);
      expect(moved).toBeLessThanOrEqual(elements(mask).filter((kept) => kept === 1).length);
    }
  });

  test('trains what is left when a layer has no weight left', async () => {
    const masks = { ...randomMasks(job.network, 5, 0.3), 'fc2.weight': zeros('float32', [8, 5]) };
    const { state, losses } = await trained(job, initialState(job, masks), [20]);
    expect(losses.every(Number.isFinite)).toBe(true);
    expectMaskedZero(state.parameters, masks);
    expect(elements(given(state.parameters, 'fc3.bias')).some((bias) => bias !== 0)).toBe(true);
  });

  test('moves the weights that survive, and the biases', async () => {
    const masks = randomMasks(job.network, 1, 0.8);
    const start = initialState(job, masks);
    const { state } = await trained(job, start, [50]);
    for (const { name } of job.network.parameters) {
      expect(elements(given(state.parameters, name))).not.toEqual(elements(given(start.parameters, name)));
    }
  });

  test('gives bit-identical states and losses however its steps are cut into calls', async () => {
    const start = initialState(job, randomMasks(job.network, 2, 0.5));
    const whole = await trained(job, start, [20]);
    expect(await trained(job, start, [7, 13])).toEqual(whole);
    expect(await trained(job, start, [0, 1, 19])).toEqual(whole);
    expect(whole.state.step).toBe(20);
    expect(whole.losses).toHaveLength(20);
  });

  test('leaves the state it was given as it was', async () => {
    const start = initialState(job, fullMasks(job.network));
    const before = structuredClone(start);
    await trained(job, start, [3]);
    expect(start).toEqual(before);
  });

  test('lowers the loss', async () => {
    const { losses } = await trained(job, initialState(job, fullMasks(job.network)), [300]);
    const mean = (list: number[]) => list.reduce((a, b) => a + b) / list.length;
    expect(mean(losses.slice(-20))).toBeLessThan(0.5 * mean(losses.slice(0, 20)));
  });
});

test('uint8 samples are scaled in the graph: the same as float32 samples scaled before', async () => {
  const random = stream(4, 'pixels');
  const pixels = Uint8Array.from({ length: 40 * 12 }, () => random.integer(256));
  const { labels } = randomSamples(1, 40, 12, 3);
  const scale = Math.fround(1 / 255);
  const stored: Samples = { inputs: tensor('uint8', [40, 12], pixels), labels };
  const scaled: Samples = {
    inputs: float32(
      Array.from(pixels, (x) => x * scale),
      [40, 12],
    ),
    labels,
  };
  const job = (train: Samples, inputScale: number) =>
    smallJob({ train, validation: train, test: train, inputScale });
  const run = (of: TrainingJob) => trained(of, initialState(of, fullMasks(of.network)), [10]);
  expect(await run(job(stored, 1 / 255))).toEqual(await run(job(scaled, 1)));
});

test('labels of all-equal logits cost the logarithm of the number of classes', async () => {
  const job = smallJob();
  const zero = Object.fromEntries(
    Object.entries(initializeParameters(job.network, 1)).map(([name, { shape, data }]) => [
      name,
      float32(new Array<number>(data.length).fill(0), shape),
    ]),
  );
  const { losses } = await trained(job, initialState(job, fullMasks(job.network), zero), [1]);
  expect(losses[0]).toBeCloseTo(Math.log(3), 6);
});

test('batches that ask for samples beyond the last are refused', async () => {
  const job = smallJob();
  const program = await onnxEngine.compile(job);
  const indices = tensor('int32', [1, 6], Int32Array.of(0, 1, 2, 3, 4, 40));
  const plan = { indices, rates: Float32Array.of(0.1), seeds: int64([0]) };
  await expect(program.run(initialState(job, fullMasks(job.network)), plan)).rejects.toThrow(/out of/);
  await program.dispose();
});

describe('evaluation', () => {
  test.each([1, 7, 249, 250, 251, 500, 613])('of %i samples is that of plain arithmetic', async (count) => {
    const job = smallJob({ test: randomSamples(count, count, 12, 3) });
    const parameters = initializeParameters(job.network, 5);
    const program = await onnxEngine.compile(job);
    const { loss, accuracy } = await program.evaluate({ parameters, buffers: {} }, 'test');
    await program.dispose();
    const expected = evaluatedPlainly(job.network, parameters, job.test);
    expect(loss).toBeCloseTo(expected.loss, 6);
    expect(accuracy).toBe(expected.accuracy);
  });

  test('reads the split that it is asked for', async () => {
    const job = smallJob();
    const parameters = initializeParameters(job.network, 5);
    const program = await onnxEngine.compile(job);
    for (const split of ['train', 'validation', 'test'] as const) {
      const { loss } = await program.evaluate({ parameters, buffers: {} }, split);
      expect(loss).toBeCloseTo(evaluatedPlainly(job.network, parameters, job[split]).loss, 6);
    }
    await program.dispose();
  });

  test('takes the first of tied logits as the answer', async () => {
    const job = smallJob();
    const program = await onnxEngine.compile(job);
    const parameters = constantParameters(job.network, [0, 0, 0]);
    const { loss, accuracy } = await program.evaluate({ parameters, buffers: {} }, 'test');
    await program.dispose();
    const zeros = elements(job.test.labels).filter((label) => label === 0).length;
    expect(accuracy).toBe(zeros / 251);
    expect(loss).toBeCloseTo(Math.log(3), 6);
  });

  test('stays finite for logits that no exponential survives', async () => {
    const job = smallJob();
    const program = await onnxEngine.compile(job);
    const parameters = constantParameters(job.network, [1000, 0, -1000]);
    const { loss, accuracy } = await program.evaluate({ parameters, buffers: {} }, 'test');
    await program.dispose();
    const labels = elements(job.test.labels);
    expect(accuracy).toBe(labels.filter((label) => label === 0).length / 251);
    expect(loss).toBeCloseTo(labels.reduce((sum, label) => sum + 1000 * label, 0) / 251, 3);
  });

  test('shows a network that is not a number by its loss', async () => {
    const job = smallJob();
    const program = await onnxEngine.compile(job);
    const parameters = constantParameters(job.network, [NaN, 0, 0]);
    expect((await program.evaluate({ parameters, buffers: {} }, 'test')).loss).toBeNaN();
    await program.dispose();
  });
});

test('any graph runs on the engine', async () => {
  const builder = new GraphBuilder('relu');
  builder.output(relu(builder, builder.input('x', 'float32', ['batch'])), 'y');
  const program = await onnxEngine.compile(smallJob());
  const outputs = await program.execute(builder.build(), { x: float32([-1, 2]) });
  await program.dispose();
  expect(outputs).toEqual({ y: float32([0, 2]) });
});

test('the CPU is a device that can be used', async () => {
  const [device] = await onnxEngine.devices();
  expect(device).toMatchObject({ device: 'cpu', available: true });
  expect(device?.detail).toMatch(/ONNX Runtime \d+\.\d+/);
});

test('a device that the runtime does not have is refused in one sentence', async () => {
  await expect(onnxEngine.compile(smallJob({ device: 'abacus' }))).rejects.toThrow(
    /^ONNX Runtime cannot train on device 'abacus' here: [^\n]+; tickets doctor says what it needs$/,
  );
});

// All weights zero: the last bias alone makes the logits.
function constantParameters(network: Network, logits: readonly number[]): Tensors {
  const last = network.parameters.at(-1)?.name;
  return Object.fromEntries(
    network.parameters.map(({ name, shape }) => [
      name,
      name === last
        ? float32(logits)
        : float32(new Array<number>(shape.reduce((a, b) => a * b)).fill(0), shape),
    ]),
  );
}

// The network in loops over numbers: dense layers with ReLU between them, mean cross-entropy and accuracy.
function evaluatedPlainly(network: Network, parameters: Tensors, samples: Samples) {
  const layers = network.layers.filter((layer) => layer.kind === 'dense').map((layer) => layer.name);
  const [count = 0, features = 0] = samples.inputs.shape;
  const inputs = written(samples.inputs);
  const labels = elements(samples.labels);
  let loss = 0;
  let correct = 0;
  for (let sample = 0; sample < count; sample++) {
    let value = inputs.slice(sample * features, (sample + 1) * features);
    for (const [index, layer] of layers.entries()) {
      const weight = elements(given(parameters, `${layer}.weight`));
      const bias = elements(given(parameters, `${layer}.bias`));
      const before = value;
      value = bias.map((start, unit) =>
        before.reduce((sum, x, row) => sum + x * (weight[row * bias.length + unit] ?? NaN), start),
      );
      if (index < layers.length - 1) value = value.map((x) => Math.max(0, x));
    }
    const label = labels[sample] ?? -1;
    loss += Math.log(value.reduce((sum, x) => sum + Math.exp(x), 0)) - (value[label] ?? NaN);
    if (value.indexOf(Math.max(...value)) === label) correct++;
  }
  return { loss: loss / count, accuracy: correct / count };
}

test('a network of one layer trains too', async () => {
  const network = denseNetwork(12, 3);
  const job = smallJob({ network });
  const { losses } = await trained(job, initialState(job, fullMasks(network)), [100]);
  expect(losses.at(-1)).toBeLessThan(losses[0] ?? NaN);
});
