import type { Tensors } from '@winning-tickets/onnx';
import { checkModel, float32, IR_VERSION, OPSET, sizeOf, tensor } from '@winning-tickets/onnx';
import { resolveNetwork } from '@winning-tickets/ticket';
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engines/onnx/engine.js';
import { evaluationGraph } from '../../../src/engines/onnx/evaluation-graph.js';
import { trainingGraph } from '../../../src/engines/onnx/training-graph.js';
import type { Samples, TrainingJob } from '../../../src/index.js';
import { stream } from '../../../src/index.js';
import {
  denseNetwork,
  elements,
  fullMasks,
  given,
  initialState,
  largestError,
  planOf,
  randomMasks,
  smallJob,
  sparseRows,
  withRate,
  written,
} from './support.js';

const WIDTH = 30;

/** Bags of a few of 30 words; the first sample is empty, and word 7 is in none. */
function bags(seed: number, count: number): Samples {
  const random = stream(seed, 'bags');
  const values = Array.from({ length: count * WIDTH }, (_, index) =>
    index >= WIDTH && index % WIDTH !== 7 && random.uniform() < 0.15 ? 1 + random.integer(3) : 0,
  );
  const labels = Int32Array.from({ length: count }, () => random.integer(3));
  return { inputs: sparseRows(float32(values, [count, WIDTH])), labels: tensor('int32', [count], labels) };
}

function densely({ inputs, labels }: Samples): Samples {
  return { inputs: float32(written(inputs), inputs.shape), labels };
}

/** A job over bags, and the same with every value written out. */
function jobs(changes: Partial<TrainingJob>): readonly [TrainingJob, TrainingJob] {
  const sides = { train: bags(1, 40), validation: bags(2, 7), test: bags(3, 263) };
  const sparse = smallJob({ network: denseNetwork(WIDTH, 8, 3), ...sides, ...changes });
  const { train, validation, test: tested } = sparse;
  return [
    sparse,
    { ...sparse, train: densely(train), validation: densely(validation), test: densely(tested) },
  ];
}

async function trained(job: TrainingJob, masks: Tensors) {
  const program = await onnxEngine.compile(job);
  const start = initialState(job, masks);
  const first = await program.run(start, planOf(job, 0, 15));
  const { state, losses } = await program.run(first.state, planOf(job, 15, 10));
  const evaluations = [await program.evaluate(state, 'validation'), await program.evaluate(state, 'test')];
  await program.dispose();
  return { state, losses: [...first.losses, ...losses], evaluations };
}

function expectClose(actual: Tensors, expected: Tensors) {
  for (const [name, value] of Object.entries(expected)) {
    expect(largestError(elements(given(actual, name)), elements(value)), name).toBeLessThan(2e-5);
  }
}

const rates = { sgd: 0.1, momentum: 0.02, adam: 0.01 };

describe.each(['sgd', 'momentum', 'adam'] as const)('with %s', (kind) => {
  test.each([1, 0.85, 0.4, 0.1])(
    'bags train as the same samples written out do, at density %d',
    async (density) => {
      const [sparse, dense] = jobs({ optimizer: withRate(kind, rates[kind]) });
      const masks = density === 1 ? fullMasks(sparse.network) : randomMasks(sparse.network, 5, density);
      const ours = await trained(sparse, masks);
      const theirs = await trained(dense, masks);
      expect(largestError(ours.losses, theirs.losses)).toBeLessThan(2e-5);
      expectClose(ours.state.parameters, theirs.state.parameters);
      expectClose(ours.state.slots, theirs.state.slots);
      ours.evaluations.forEach(({ loss, accuracy, macroF1 }, index) => {
        expect(loss).toBeCloseTo(theirs.evaluations[index]?.loss ?? NaN, 4);
        expect([accuracy, macroF1]).toEqual([
          theirs.evaluations[index]?.accuracy,
          theirs.evaluations[index]?.macroF1,
        ]);
      });
    },
  );
});

test('weights that are pruned stay zero', async () => {
  const [job] = jobs({ optimizer: withRate('adam', 0.01) });
  for (const density of [0.85, 0.3]) {
    const masks = randomMasks(job.network, 9, density);
    const { state } = await trained(job, masks);
    for (const [name, mask] of Object.entries(masks)) {
      const weights = elements(given(state.parameters, name));
      expect(weights.every((weight, index) => mask.data[index] === 1 || weight === 0)).toBe(true);
    }
  }
});

test('a network that begins otherwise sees its bags written out', async () => {
  const network = resolveNetwork({
    name: 'thinned',
    input: [WIDTH],
    layers: [
      { kind: 'dropout', rate: 0.2 },
      { kind: 'dense', units: 3 },
    ],
  });
  const [sparse, dense] = jobs({ network, optimizer: withRate('adam', 0.01) });
  const masks = fullMasks(network);
  const ours = await trained(sparse, masks);
  const theirs = await trained(dense, masks);
  expect(largestError(ours.losses, theirs.losses)).toBeLessThan(2e-5);
  expectClose(ours.state.parameters, theirs.state.parameters);
});

describe('samples with sets of classes', () => {
  const sets = ({ inputs, labels }: Samples, seed: number): Samples => {
    const [count = 0] = labels.shape;
    const random = stream(seed, 'sets');
    const data = Uint8Array.from({ length: count * 3 }, () => random.integer(2));
    return { inputs, labels: tensor('uint8', [count, 3], data) };
  };

  test('train, and are evaluated by F1', async () => {
    const [plain] = jobs({ optimizer: withRate('adam', 0.02) });
    const job = {
      ...plain,
      train: sets(plain.train, 1),
      validation: sets(plain.train, 1),
      test: sets(plain.test, 2),
    };
    const program = await onnxEngine.compile(job);
    const start = initialState(job, fullMasks(job.network));
    const before = await program.evaluate(start, 'validation');
    const { state } = await program.run(start, planOf(job, 0, 300));
    const after = await program.evaluate(state, 'validation');
    await program.dispose();
    expect(after.loss).toBeLessThan(before.loss / 4);
    expect(after.accuracy).toBeGreaterThan(0.8);
    expect(after.macroF1).toBeGreaterThan(0.9);
    expect(after.microF1).toBeGreaterThan(0.9);
  });
});

test('the graphs over bags are sound', () => {
  const [job] = jobs({ optimizer: withRate('adam', 0.01) });
  const graphs = [
    ...(['whole', 'masked', 'survivors'] as const).map((form) => trainingGraph(job, 'float32', form)),
    evaluationGraph(job),
  ];
  for (const graph of graphs) {
    const producer = { name: '', version: '' };
    expect(checkModel({ graph, metadata: {}, producer, opset: OPSET, irVersion: IR_VERSION })).toEqual([]);
  }
});

test('no step of a loop over bags has a value of every sample, word by word', () => {
  const [job] = jobs({ optimizer: withRate('sgd', 0.1) });
  const graph = trainingGraph(job, 'float32', 'whole');
  const known = (shape: readonly (number | string)[]) => shape.filter((size) => typeof size === 'number');
  const sizes = graph.inputs.map(({ shape }) => sizeOf(known(shape)));
  expect(Math.max(...sizes)).toBeLessThan(40 * WIDTH);
});
