import { checkModel, IR_VERSION, OPSET, tensor } from '@winning-tickets/onnx';
import { describe, expect, test } from 'vitest';
import { evaluationGraph } from '../../../src/engines/onnx/evaluation-graph.js';
import { onnxEngine } from '../../../src/engines/onnx/engine.js';
import { trainingGraph } from '../../../src/engines/onnx/training-graph.js';
import type { TrainingJob, TrainState } from '../../../src/index.js';
import { initialBuffers, initializeParameters } from '../../../src/index.js';
import { layerJob, layerNetworks, startOf } from '../layer-networks.js';
import { elements, given, initialState, planOf, randomMasks, withRate } from './support.js';

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

describe.each(Object.keys(layerNetworks))('a network of %s', (name) => {
  const job = layerJob(name);

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
  const job = layerJob('normalised blocks');

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
  const job = layerJob('words with dropout');

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
