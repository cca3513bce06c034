import { checkModel, float32, IR_VERSION, OPSET, sizeOf, tensor } from '@winning-tickets/onnx';
import type { LayerSpec } from '@winning-tickets/ticket';
import { resolveNetwork } from '@winning-tickets/ticket';
import { describe, expect, test } from 'vitest';
import { evaluationGraph } from '../../../src/engines/onnx/evaluation-graph.js';
import { onnxEngine } from '../../../src/engines/onnx/engine.js';
import { trainingGraph } from '../../../src/engines/onnx/training-graph.js';
import type { Samples, TrainingJob, TrainState } from '../../../src/index.js';
import { initialBuffers, initializeParameters, stream } from '../../../src/index.js';
import { elements, fullMasks, given, initialState, planOf, randomMasks, withRate } from './support.js';

/** What each kind of network needs: its layers, and whether its samples are indices. */
const networks: Readonly<Record<string, { input: number[]; layers: LayerSpec[]; vocabulary?: number }>> = {
  convolutions: {
    input: [6, 6],
    layers: [
      { kind: 'reshape', shape: [1, 6, 6] },
      { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
      { kind: 'relu' },
      { kind: 'maxpool', kernel: 2 },
      { kind: 'conv2d', filters: 3, kernel: 2, stride: 2, padding: 1 },
      { kind: 'gelu' },
      { kind: 'avgpool', kernel: 2, stride: 1 },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 },
    ],
  },
  'normalised blocks': {
    input: [2, 4, 4],
    layers: [
      { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
      { kind: 'batchnorm' },
      {
        kind: 'residual',
        layers: [
          { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
          { kind: 'batchnorm' },
          { kind: 'relu' },
        ],
      },
      { kind: 'globalavgpool' },
      { kind: 'dense', units: 3 },
    ],
  },
  'words with dropout': {
    input: [7],
    vocabulary: 11,
    layers: [
      { kind: 'embedding', vocabulary: 11, size: 6 },
      {
        kind: 'parallel',
        branches: [2, 3].map((kernel) => [
          { kind: 'conv1d', filters: 4, kernel },
          { kind: 'relu' },
          { kind: 'globalmaxpool' },
        ]),
      },
      { kind: 'dropout', rate: 0.25 },
      { kind: 'dense', units: 3 },
    ],
  },
};

// Of each class a pattern of its own, with noise, so that there is something to learn.
function samplesOf(
  input: readonly number[],
  vocabulary: number | undefined,
  seed: number,
  count: number,
): Samples {
  const random = stream(seed, 'samples');
  const width = sizeOf(input);
  const labels = Int32Array.from({ length: count }, (_, sample) => sample % 3);
  const values = Array.from(labels, (label) =>
    Array.from({ length: width }, (_, place) =>
      vocabulary
        ? (label * 3 + random.integer(vocabulary - 6)) % vocabulary
        : Math.sin((label + 1) * place) + 0.3 * random.normal(),
    ),
  ).flat();
  const shape = [count, ...input];
  const inputs = vocabulary ? tensor('int32', shape, Int32Array.from(values)) : float32(values, shape);
  return { inputs, labels: tensor('int32', [count], labels) };
}

function jobOf(name: string): TrainingJob {
  const { input, layers, vocabulary } = given(networks, name);
  return {
    network: resolveNetwork({ name: 'test', input, layers }),
    optimizer: withRate('adam', 0.01),
    batchSize: 8,
    inputScale: 1,
    train: samplesOf(input, vocabulary, 1, 48),
    validation: samplesOf(input, vocabulary, 2, 12),
    test: samplesOf(input, vocabulary, 3, 261),
    threads: 1,
  };
}

const startOf = (job: TrainingJob, masks = fullMasks(job.network)): TrainState => ({
  ...initialState(job, masks),
  buffers: initialBuffers(job.network),
});

async function trained(job: TrainingJob, start: TrainState, chunks: readonly number[]) {
  const program = await onnxEngine.compile(job);
  let state = start;
  const losses: number[] = [];
  for (const steps of chunks) {
    const result = await program.run(state, planOf(job, state.step, steps));
    state = result.state;
    losses.push(...result.losses);
  }
  const evaluation = await program.evaluate(state, 'test');
  await program.dispose();
  return { state, losses, evaluation };
}

/** Every number that a training comes out with. */
function numbersOf(result: { state: TrainState; losses: Float32Array } | undefined): number[] {
  if (!result) return [];
  const { parameters, slots, buffers } = result.state;
  return [
    ...result.losses,
    ...[parameters, slots, buffers].flatMap((part) => Object.values(part).flatMap(elements)),
  ];
}

describe.each(Object.keys(networks))('a network of %s', (name) => {
  const job = jobOf(name);

  test('makes sound graphs', () => {
    for (const graph of [
      trainingGraph(job),
      trainingGraph(job, 'float32', 'survivors'),
      evaluationGraph(job),
    ]) {
      const producer = { name: '', version: '' };
      const model = { graph, metadata: {}, producer, opset: OPSET, irVersion: IR_VERSION };
      expect(checkModel(model)).toEqual([]);
    }
  });

  test('learns', async () => {
    const { losses, evaluation } = await trained(job, startOf(job), [150]);
    const mean = (list: number[]) => list.reduce((a, b) => a + b) / list.length;
    expect(mean(losses.slice(-20))).toBeLessThan(0.5 * mean(losses.slice(0, 10)));
    expect(evaluation.accuracy).toBeGreaterThan(0.6);
  });

  test('gives bit-identical states, buffers included, however its steps are cut into calls', async () => {
    const start = startOf(job, randomMasks(job.network, 1, 0.6));
    const whole = await trained(job, start, [15]);
    expect(await trained(job, start, [4, 1, 10])).toEqual(whole);
    expect(Object.keys(whole.state.buffers)).toEqual(job.network.buffers.map((buffer) => buffer.name));
  });

  test('trains together with others as it does alone, to float tolerance', async () => {
    // Adam goes by the sign of gradients that are zero but for rounding, such as those of biases before a normalisation.
    const plain = { ...job, optimizer: withRate('momentum', 0.02) };
    const program = await onnxEngine.compile(plain);
    const trainings = [1, 0.6, 0.3].map((density, index) => {
      const masks = randomMasks(job.network, index, density);
      const initial = initializeParameters(job.network, index + 1);
      return {
        state: { ...initialState(plain, masks, initial), buffers: initialBuffers(job.network) },
        plan: planOf(plain, 4 * index, 6),
      };
    });
    const together = await program.runTogether?.(trainings);
    for (const [index, { state, plan }] of trainings.entries()) {
      const alone = await program.run(state, plan);
      const beside = together?.[index];
      const [expected, found] = [numbersOf(alone), numbersOf(beside)];
      expect(found).toHaveLength(expected.length);
      const furthest = expected.reduce(
        (most, number, at) => Math.max(most, Math.abs(number - (found[at] ?? NaN))),
        0,
      );
      expect(furthest).toBeLessThan(1e-4);
    }
    await program.dispose();
  });

  test.each([0.8, 0.3])('keeps masked weights of every kind at zero at density %d', async (density) => {
    const masks = randomMasks(job.network, 3, density);
    const { state, losses } = await trained(job, startOf(job, masks), [12]);
    expect(losses.every(Number.isFinite)).toBe(true);
    for (const [parameter, mask] of Object.entries(masks)) {
      const kept = elements(mask);
      const weights = elements(given(state.parameters, parameter));
      expect(weights.every((weight, index) => kept[index] === 1 || weight === 0)).toBe(true);
    }
  });
});

describe('batch normalisation', () => {
  const job = jobOf('normalised blocks');

  test('moves its running mean and variance towards those of the batches', async () => {
    const { state } = await trained(job, startOf(job), [1]);
    const mean = elements(given(state.buffers, 'bn1.mean'));
    const variance = elements(given(state.buffers, 'bn1.variance'));
    expect(mean.some((value) => value !== 0)).toBe(true);
    expect(variance.every((value) => value > 0 && value !== 1)).toBe(true);
  });

  test('evaluates with what it has gathered, not with the samples at hand', async () => {
    const program = await onnxEngine.compile(job);
    const { state } = await trained(job, startOf(job), [60]);
    const fresh = { ...state, buffers: initialBuffers(job.network) };
    const [gathered, without] = [
      await program.evaluate(state, 'test'),
      await program.evaluate(fresh, 'test'),
    ];
    await program.dispose();
    expect(gathered.loss).not.toBeCloseTo(without.loss, 3);
  });
});

describe('dropout', () => {
  const job = jobOf('words with dropout');

  test('follows from the seeds of the steps', async () => {
    const program = await onnxEngine.compile(job);
    const plan = planOf(job, 0, 5);
    const run = (seeds: typeof plan.seeds) => program.run(startOf(job), { ...plan, seeds });
    const first = await run(plan.seeds);
    const again = await run(plan.seeds);
    const other = await run(tensor('int64', [5], BigInt64Array.from([9n, 8n, 7n, 6n, 5n])));
    await program.dispose();
    expect(again).toEqual(first);
    expect(other.losses).not.toEqual(first.losses);
  });

  test('is gone when the network is evaluated', async () => {
    const program = await onnxEngine.compile(job);
    const state = startOf(job);
    const [first, second] = [await program.evaluate(state, 'test'), await program.evaluate(state, 'test')];
    await program.dispose();
    expect(first).toEqual(second);
  });
});
