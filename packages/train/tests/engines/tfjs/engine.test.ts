import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { float32, tensor } from '@winning-tickets/onnx';
import { describe, expect, test } from 'vitest';
import type { TrainingJob } from '../../../src/index.js';
import { tfjsEngine } from '../../../src/index.js';
import { layerJob, layerNetworks, startOf } from '../layer-networks.js';
import {
  denseNetwork,
  elements,
  fullMasks,
  given,
  initialState,
  largestError,
  planOf,
  randomMasks,
  randomSamples,
  smallJob,
  sparseRows,
  withRate,
} from '../onnx/support.js';
import { device, trainedOn } from './support.js';

function expectClose(actual: Tensors, expected: Tensors, tolerance: number): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) {
    expect(largestError(elements(given(actual, name)), elements(value)), name).toBeLessThan(tolerance);
  }
}

/** TensorFlow's own Adam keeps the moments themselves, ours sums. */
function keepsOurSlots({ optimizer }: TrainingJob): boolean {
  return device === 'wasm' || optimizer.kind !== 'adam';
}

/** Both engines from the same beginning with the same batches. */
async function expectAgreement(job: TrainingJob, start = startOf(job), steps = 12): Promise<void> {
  const ours = await trainedOn('onnx', job, start, [steps]);
  const theirs = await trainedOn('tfjs', job, start, [steps]);
  const relative = ours.losses.map((loss, index) => Math.abs((theirs.losses[index] ?? NaN) - loss) / loss);
  expect(Math.max(...relative)).toBeLessThan(1e-4);
  expectClose(theirs.state.parameters, ours.state.parameters, 1e-3);
  expectClose(theirs.state.buffers, ours.state.buffers, 1e-3);
  if (keepsOurSlots(job)) expectClose(theirs.state.slots, ours.state.slots, 1e-3);
  expect(theirs.evaluation.loss).toBeCloseTo(ours.evaluation.loss, 4);
  expect(theirs.evaluation.accuracy).toBeCloseTo(ours.evaluation.accuracy, 2);
}

describe('TensorFlow.js and ONNX Runtime agree', () => {
  test.each(Object.keys(layerNetworks))('on a network of %s', async (name) => {
    // A bias before a normalisation has no gradient but rounding, of which Adam would make whole steps.
    const job = { ...layerJob(name), optimizer: withRate('sgd', 0.05) };
    await expectAgreement(job, startOf(job, randomMasks(job.network, 1, 0.6)));
  });

  test.each(['sgd', 'momentum', 'adam'] as const)('on %s', async (kind) => {
    await expectAgreement(smallJob({ optimizer: withRate(kind, 0.01) }));
  });

  test.each(['sgd', 'momentum', 'adam'] as const)('on %s with factors for layers', async (kind) => {
    const optimizer = { ...withRate(kind, 0.01), rateFactors: { fc1: 0.3, fc3: 2 } };
    await expectAgreement(smallJob({ optimizer }));
  });

  test.each(['sgd', 'momentum', 'adam'] as const)(
    'on %s with weight decay, also of weights without a gradient',
    async (kind) => {
      const plain = smallJob({ optimizer: { ...withRate(kind, 0.01), weightDecay: 0.1 } });
      const { inputs, labels } = plain.train;
      // The third of twelve inputs is zero in every sample.
      const values = elements(inputs as Tensor).map((x, index) => (index % 12 === 2 ? 0 : x));
      const job = { ...plain, train: { inputs: float32(values, inputs.shape), labels } };
      await expectAgreement(job, initialState(job, randomMasks(job.network, 1, 0.6)));
    },
  );

  test('on a network over sparse rows, of which a batch takes some columns alone', async () => {
    const samples = (seed: number, count: number) => {
      const { inputs, labels } = randomSamples(seed, count, 12, 3);
      if ('offsets' in inputs) throw new Error('drawn dense');
      // Two of three elements are zero.
      const thinned = inputs.data.map((value, index) => (index % 3 === 0 ? value : 0));
      return { inputs: sparseRows(tensor('float32', inputs.shape, Float32Array.from(thinned))), labels };
    };
    const job = smallJob({ train: samples(1, 40), validation: samples(2, 7), test: samples(3, 51) });
    await expectAgreement(job, initialState(job, randomMasks(job.network, 1, 0.7)));
  });

  test('on samples with sets of classes', async () => {
    const samples = (seed: number, count: number) => ({
      ...randomSamples(seed, count, 6, 3),
      labels: tensor(
        'uint8',
        [count, 3],
        Uint8Array.from({ length: count * 3 }, (_, index) => (index * 7 + seed) % 2),
      ),
    });
    const job = smallJob({
      network: denseNetwork(6, 5, 3),
      train: samples(1, 20),
      validation: samples(2, 5),
      test: samples(3, 9),
    });
    await expectAgreement(job);
  });

  test('on bytes that are scaled', async () => {
    const bytes = (seed: number, count: number) => ({
      ...randomSamples(seed, count, 12, 3),
      inputs: tensor(
        'uint8',
        [count, 12],
        Uint8Array.from({ length: count * 12 }, (_, index) => (index * 37 + seed) % 256),
      ),
    });
    await expectAgreement(
      smallJob({ train: bytes(1, 40), validation: bytes(2, 7), test: bytes(3, 9), inputScale: 1 / 255 }),
    );
  });
});

describe('training in TensorFlow.js', () => {
  const job = layerJob('normalised blocks');
  const masks = randomMasks(job.network, 1, 0.6);

  test('gives bit-identical states, buffers included, however its steps are cut into calls', async () => {
    const start = startOf(job, masks);
    const whole = await trainedOn('tfjs', job, start, [9]);
    expect(await trainedOn('tfjs', job, start, [4, 1, 4])).toEqual(whole);
  });

  test('keeps masked weights and their slots at exactly zero', async () => {
    const { state } = await trainedOn('tfjs', job, startOf(job, masks), [10]);
    for (const [name, mask] of Object.entries(masks)) {
      const kept = elements(mask);
      for (const value of [given(state.parameters, name), given(state.slots, `m/${name}`)]) {
        expect(elements(value).every((number, index) => kept[index] === 1 || number === 0)).toBe(true);
      }
    }
  });

  test('leaves no tensor behind, whatever was run, and under which masks', async () => {
    const { numTensors: before } = tf.memory();
    const small = { ...smallJob({ optimizer: withRate('adam', 0.01) }), device };
    const program = await tfjsEngine.compile(small);
    const all = fullMasks(small.network);
    // What a training is compiled to stays on the device from its first steps to those under other masks.
    await program.run(initialState(small, all), planOf(small, 0, 1));
    const { numTensors, numDataBuffers } = tf.memory();
    for (const masks of [all, randomMasks(small.network, 1, 0.5), all]) {
      let state = initialState(small, masks);
      for (let call = 0; call < 3; call++) {
        ({ state } = await program.run(state, planOf(small, state.step, 20)));
        await program.evaluate(state, 'test');
        expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
      }
    }
    await program.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('leaves out what no gradient reaches, and gives the state of the whole network', async () => {
    const plain = smallJob({ optimizer: withRate('adam', 0.01) });
    const masks = randomMasks(plain.network, 3, 0.25);
    const whole = { ...plain, compact: false };
    const start = initialState(plain, masks);
    const { state, losses } = await trainedOn('tfjs', plain, start, [12]);
    const reference = await trainedOn('tfjs', whole, start, [12]);
    expect(largestError(Array.from(losses), Array.from(reference.losses))).toBeLessThan(1e-5);
    expectClose(state.parameters, reference.state.parameters, 1e-4);
    expectClose(state.slots, reference.state.slots, 1e-4);
  });

  test('refuses more threads than WebAssembly has', async () => {
    await expect(tfjsEngine.compile({ ...job, device: 'wasm', threads: 2 })).rejects.toThrow(
      'WebAssembly computes on one thread in Node.js: set threads to 1 instead of 2',
    );
  });
});
