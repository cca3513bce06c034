import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { checkModel, IR_VERSION, OPSET, sizeOf, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchFeeds } from '../../../src/engines/onnx/input.js';
import { openSession } from '../../../src/engines/onnx/session.js';
import { survivorsOf } from '../../../src/engines/onnx/survivors.js';
import { trainingGraph } from '../../../src/engines/onnx/training-graph.js';
import type { TrainingForm } from '../../../src/engines/onnx/training-graph.js';
import { updateRule } from '../../../src/optimizers/rules.js';
import type { TrainingJob } from '../../../src/index.js';
import { given, initialState, planOf, randomMasks, smallJob, withRate } from './support.js';

const forms = ['masked', 'survivors'] as const;
const rates = { sgd: 0.1, momentum: 0.02, adam: 0.01 };

/** What 20 steps of a job's training graph give in one form, from the same weights and batches. */
async function twentySteps(job: TrainingJob, form: TrainingForm, masks: Tensors) {
  const session = await openSession(trainingGraph(job, 'float32', form), job);
  const { parameters, slots } = initialState(job, masks);
  const rule = updateRule(job.optimizer);
  const plan = planOf(job, 0, 20);
  const stepSizes = plan.rates.map((rate, step) => rule.stepSize(rate, step + 1));
  const named = Object.entries(masks).flatMap(([name, mask]): [string, Tensor][] => {
    const { survivors, places } = survivorsOf(mask);
    return form === 'masked'
      ? [[`mask/${name}`, mask]]
      : [
          [`survivors/${name}`, survivors],
          [`places/${name}`, places],
        ];
  });
  const outputs = await session.run({
    ...batchFeeds(job.train, plan.indices, job.network),
    stepSizes: tensor('float32', [20], stepSizes),
    trips: tensor('int64', [], BigInt64Array.of(20n)),
    ...Object.fromEntries(named),
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`parameter/${name}`, value])),
    ...slots,
  });
  await session.dispose();
  return outputs;
}

/** The bits of float32 numbers; with a mask, those of the survivors alone, once the others are found to be zero. */
function bitsOf({ data }: Tensor, mask: Tensor | undefined): number[] {
  const numbers = data as Float32Array;
  const bits = Array.from(new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length));
  if (!mask) return bits;
  // A masked weight may be -0 in one form and 0 in the other.
  expect(numbers.every((number, index) => mask.data[index] === 1 || number === 0)).toBe(true);
  return bits.filter((_, index) => mask.data[index] === 1);
}

describe.each(['sgd', 'momentum', 'adam'] as const)('with %s', (kind) => {
  const job = smallJob({ optimizer: withRate(kind, rates[kind]) });

  test('both forms of the training graph give the same losses and states, bit for bit', async () => {
    const cases = fc.tuple(
      fc.nat(1000),
      fc.oneof(fc.constant(1), fc.double({ min: 0.05, max: 1, noNaN: true })),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([seed, density]) => {
        const masks = randomMasks(job.network, seed, density);
        const masked = await twentySteps(job, 'masked', masks);
        const survivors = await twentySteps(job, 'survivors', masks);
        expect(Object.keys(survivors)).toEqual(Object.keys(masked));
        for (const [name, value] of Object.entries(masked)) {
          const mask = masks[name.replace(/^next\/[a-z]+\//, '')];
          const other = given(survivors, name);
          expect(other.shape).toEqual(value.shape);
          expect(bitsOf(other, mask), name).toEqual(bitsOf(value, mask));
        }
      }),
      { seed: 1, numRuns: 6 },
    );
  });

  test.each(forms)('the training graph in the form %s is sound', (form) => {
    for (const dtype of ['float32', 'float64'] as const) {
      const graph = trainingGraph(job, dtype, form);
      const producer = { name: '', version: '' };
      expect(checkModel({ graph, metadata: {}, producer, opset: OPSET, irVersion: IR_VERSION })).toEqual([]);
    }
  });

  test('the loop of the form survivors carries one vector of all survivors and biases for each kind of state', () => {
    const { inputs, nodes } = trainingGraph(job, 'float32', 'survivors');
    const loops = nodes.filter(({ op }) => op === 'Loop');
    const body = loops.flatMap(({ attributes: { body } }) => (body && 'graph' in body ? [body.graph] : []));
    const shapes = body.flatMap((graph) => graph.inputs.slice(2).map(({ shape }) => shape));
    const kinds = 1 + updateRule(job.optimizer).slots.length;
    const sizes = job.network.parameters.flatMap(({ name, shape, prunable }) =>
      prunable ? [`survivors of ${name}`, 1] : [sizeOf(shape)],
    );
    expect(shapes).toEqual(Array.from({ length: kinds }, () => [sizes.join('+')]));
    expect(inputs.map(({ name }) => name).filter((name) => name.startsWith('mask/'))).toEqual([]);
  });
});

test('after no step the form survivors gives back what it was given', async () => {
  const job = smallJob();
  const masks = randomMasks(job.network, 3, 0.4);
  const { parameters } = initialState(job, masks);
  const graph = trainingGraph(job, 'float32', 'survivors');
  const session = await openSession(graph, job);
  const kept = Object.entries(masks).flatMap(([name, mask]) => {
    const { survivors, places } = survivorsOf(mask);
    return [
      [`survivors/${name}`, survivors],
      [`places/${name}`, places],
    ];
  });
  const outputs = await session.run({
    ...batchFeeds(job.train, tensor('int32', [0, job.batchSize], new Int32Array()), job.network),
    stepSizes: tensor('float32', [0], new Float32Array()),
    trips: tensor('int64', [], BigInt64Array.of(0n)),
    ...(Object.fromEntries(kept) as Tensors),
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`parameter/${name}`, value])),
  });
  await session.dispose();
  for (const [name, value] of Object.entries(parameters)) {
    expect(bitsOf(given(outputs, `next/parameter/${name}`), masks[name])).toEqual(bitsOf(value, masks[name]));
  }
});
