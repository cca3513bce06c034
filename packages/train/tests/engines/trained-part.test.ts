import type { Tensors } from '@winning-tickets/onnx';
import { float32, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchFeeds } from '../../src/engines/onnx/input.js';
import { openSession } from '../../src/engines/onnx/session.js';
import { trainedPart, usedInputs } from '../../src/engines/trained-part.js';
import { trainingGraph } from '../../src/engines/onnx/training-graph.js';
import { onnxEngine } from '../../src/engines/onnx/engine.js';
import type { Samples, TrainingJob, TrainState } from '../../src/index.js';
import { stream } from '../../src/index.js';
import { lenet } from '../networks.js';
import { mnist } from '../support/mnist-run.js';
import {
  elements,
  fullMasks,
  given,
  initialState,
  largestError,
  planOf,
  randomMasks,
  smallJob,
  withRate,
  written,
} from './onnx/support.js';

/** Inputs 2, 5 and 11 of 12 are zero in every training sample. */
const unused = [2, 5, 11];
const inputIsUsed = Array.from({ length: 12 }, (_, element) => !unused.includes(element));

function jobWithUnusedInputs(kind: 'sgd' | 'momentum' | 'adam'): TrainingJob {
  const job = smallJob({ optimizer: withRate(kind, { sgd: 0.1, momentum: 0.02, adam: 0.01 }[kind]) });
  const { inputs, labels } = job.train;
  const values = written(inputs).map((x, index) => (unused.includes(index % 12) ? 0 : x));
  return { ...job, train: { inputs: float32(values, inputs.shape), labels } };
}

async function trainedByEngine(job: TrainingJob, start: TrainState, steps: number): Promise<TrainState> {
  const program = await onnxEngine.compile(job);
  const { state } = await program.run(start, planOf(job, start.step, steps));
  await program.dispose();
  return state;
}

/** The same steps by the graph over the whole network. */
async function trainedWhole(job: TrainingJob, start: TrainState, steps: number): Promise<Tensors> {
  const session = await openSession(trainingGraph(job), job);
  const plan = planOf(job, start.step, steps);
  const named = (prefix: string, tensors: Tensors) =>
    Object.fromEntries(Object.entries(tensors).map(([name, value]) => [prefix + name, value]));
  const { optimizer } = job;
  const { beta1, beta2 } = { beta1: 0, beta2: 0, ...optimizer };
  const stepSize = (rate: number, step: number) =>
    optimizer.kind === 'adam'
      ? (rate * Math.sqrt(1 - beta2 ** step) * (1 - beta1)) / ((1 - beta1 ** step) * Math.sqrt(1 - beta2))
      : rate;
  const outputs = await session.run({
    ...batchFeeds(job.train, plan.indices, job.network),
    stepSizes: float32(Array.from(plan.rates, (rate, index) => stepSize(rate, index + 1))),
    trips: tensor('int64', [], BigInt64Array.of(BigInt(steps))),
    ...named('mask/', start.masks),
    ...named('parameter/', start.parameters),
    ...start.slots,
  });
  await session.dispose();
  return outputs;
}

describe.each(['sgd', 'momentum', 'adam'] as const)('with %s, training the used part alone', (kind) => {
  const job = jobWithUnusedInputs(kind);

  test('gives the parameters that training everything gives, but for rounding', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.constantFrom(1, 0.8, 0.5, 0.2), async (seed, density) => {
        const masks = density === 1 ? fullMasks(job.network) : randomMasks(job.network, seed, density);
        const start = initialState(job, masks);
        const part = await trainedByEngine(job, start, 30);
        const whole = await trainedWhole(job, start, 30);
        for (const { name } of job.network.parameters) {
          const found = elements(given(part.parameters, name));
          expect(largestError(found, elements(given(whole, `next/parameter/${name}`)))).toBeLessThan(1e-4);
        }
      }),
      { seed: 1, numRuns: 8 },
    );
  });

  test('leaves the weights of inputs that no sample has exactly where they were', async () => {
    const start = initialState(job, fullMasks(job.network));
    const state = await trainedByEngine(job, start, 30);
    const before = elements(given(start.parameters, 'fc1.weight'));
    const after = elements(given(state.parameters, 'fc1.weight'));
    after.forEach((weight, index) => {
      const isUnused = unused.includes(Math.floor(index / 8));
      expect(weight === before[index]).toBe(isUnused);
    });
    for (const [key, slot] of Object.entries(state.slots)) {
      if (key.endsWith('fc1.weight')) {
        const rows = elements(slot).filter((_, index) => unused.includes(Math.floor(index / 8)));
        expect(rows.every((value) => value === 0)).toBe(true);
      }
    }
  });
});

describe.each(['sgd', 'momentum', 'adam'] as const)('with %s and weight decay', (kind) => {
  const plain = jobWithUnusedInputs(kind);
  const job = { ...plain, optimizer: { ...plain.optimizer, weightDecay: 0.1 } };

  test('the weights of inputs that no sample has decay as in training everything', async () => {
    const start = initialState(job, randomMasks(job.network, 3, 0.5));
    const state = await trainedByEngine(job, start, 30);
    const whole = await trainedWhole(job, start, 30);
    for (const { name } of job.network.parameters) {
      const found = elements(given(state.parameters, name));
      expect(largestError(found, elements(given(whole, `next/parameter/${name}`))), name).toBeLessThan(1e-4);
    }
    const before = elements(given(start.parameters, 'fc1.weight'));
    const after = elements(given(state.parameters, 'fc1.weight'));
    const moved = before.filter((weight, index) => weight !== 0 && weight !== after[index]);
    expect(moved.length).toBe(before.filter((weight) => weight !== 0).length);
  });
});

describe('on LeNet-300-100 and MNIST, 200 steps without what no gradient reaches', () => {
  const optimizer = withRate('adam', 0.0012);
  const job: TrainingJob = { ...mnist, network: lenet, optimizer, batchSize: 60, threads: 1 };
  const random = stream(1, 'dead units');
  const dead = new Set(Array.from({ length: 300 }, (_, unit) => unit).filter(() => random.uniform() < 0.4));

  test.each([0.5, 0.05])('have the losses of the masked network, at %d of the weights', async (density) => {
    const drawn = randomMasks(lenet, 1, density);
    // As in tickets, whole units are gone.
    const fc1 = elements(given(drawn, 'fc1.weight')).map((bit, index) => (dead.has(index % 300) ? 0 : bit));
    const masks = { ...drawn, 'fc1.weight': float32(fc1, [784, 300]) };
    const start = initialState(job, masks);
    const plan = planOf(job, 0, 200);
    const [part = [], whole = []] = await Promise.all(
      [true, false].map(async (compact) => {
        const program = await onnxEngine.compile({ ...job, compact });
        const { losses } = await program.run(start, plan);
        await program.dispose();
        return Array.from(losses);
      }),
    );
    // Rounding differs. Where a unit comes within it of zero, a ReLU parts the two for good: not so with these seeds.
    expect(largestError(part, whole)).toBeLessThan(1e-5);
    expect(whole.at(-1)).toBeLessThan(0.8 * (whole[0] ?? 0));
  });
});

describe('the part of a job', () => {
  const job = jobWithUnusedInputs('adam');

  test('is the whole where weights decay, which moves those without a gradient', () => {
    const decaying = { ...job, optimizer: { ...job.optimizer, weightDecay: 0.1 } };
    expect(trainedPart(decaying, fullMasks(job.network), inputIsUsed)).toBeUndefined();
    expect(trainedPart(job, fullMasks(job.network), inputIsUsed)).toBeDefined();
  });

  test('is not taken from a job that asks for the whole network', () => {
    expect(trainedPart({ ...job, compact: false }, fullMasks(job.network), inputIsUsed)).toBeUndefined();
  });

  test('is not taken where training reaches everything', () => {
    expect(trainedPart(job, fullMasks(job.network), new Array<boolean>(12).fill(true))).toBeUndefined();
  });

  test('has the used columns of the samples, and their labels', () => {
    const part = trainedPart(job, fullMasks(job.network), inputIsUsed);
    expect(part?.job.train.inputs.shape).toEqual([40, 9]);
    const expected = written(job.train.inputs).filter((_, index) => inputIsUsed[index % 12]);
    expect(part && written(part.job.train.inputs)).toEqual(expected);
    expect(part?.job.train.labels).toBe(job.train.labels);
  });

  test('taken from a state and put back changes nothing', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.constantFrom(0.9, 0.5, 0.2), (seed, density) => {
        const masks = randomMasks(job.network, seed, density);
        const state = initialState(job, masks);
        const part = trainedPart(job, masks, inputIsUsed);
        expect(part?.put(part.take(state), state) ?? state).toEqual(state);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  test('leaves a step count and buffers to the training', () => {
    const masks = fullMasks(job.network);
    const state = initialState(job, masks);
    const part = trainedPart(job, masks, inputIsUsed);
    const after = part && { ...part.take(state), step: 7 };
    expect(after && part.put(after, state).step).toBe(7);
  });
});

test('an input is used when any sample has it other than zero', () => {
  const samples: Samples = {
    inputs: tensor('uint8', [3, 2, 2], Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 9, 0, 2, 0, 0)),
    labels: tensor('int32', [3], Int32Array.of(0, 1, 2)),
  };
  expect(usedInputs(samples)).toEqual([false, true, false, true]);
});
