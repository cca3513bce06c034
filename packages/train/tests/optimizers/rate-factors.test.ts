import { float32 } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../src/engines/onnx/engine.js';
import { trainingGraph } from '../../src/engines/onnx/training-graph.js';
import type { OptimizerSpec, Samples, TrainState } from '../../src/index.js';
import { checkRateFactors } from '../../src/optimizers/rate-factors.js';
import {
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
} from '../engines/onnx/support.js';

const kinds = ['sgd', 'momentum', 'adam'] as const;

/** Input 2 of 12 is zero in every sample: there is a part that no gradient reaches. */
const plain = smallJob();
const values = written(plain.train.inputs).map((x, index) => (index % 12 === 2 ? 0 : x));
const inputs = float32(values, plain.train.inputs.shape);
const job = { ...plain, train: { ...plain.train, inputs } };

// With powers of two the rate times the factor is exact, whoever computes it.
const factor = fc.constantFrom(0, 0.25, 0.5, 1, 2);
const factors = fc.record({ fc1: factor, fc2: factor, fc3: factor });

async function stepsFrom(
  start: TrainState,
  optimizer: OptimizerSpec,
  steps: number,
  train: Samples = job.train,
): Promise<TrainState> {
  const own = { ...job, optimizer, train };
  const program = await onnxEngine.compile(own);
  const { state } = await program.run(start, planOf(own, start.step, steps));
  await program.dispose();
  return state;
}

describe.each(kinds)('%s with factors for layers', (kind) => {
  const optimizer = withRate(kind, 0.02);
  const start = (seed: number, density: number) =>
    initialState(
      { ...job, optimizer },
      density === 1 ? fullMasks(job.network) : randomMasks(job.network, seed, density),
    );

  test('steps in each layer as at the rate times its factor, bit for bit, however the network is kept', async () => {
    // Unmasked, masked, and the survivors alone.
    const densities = fc.constantFrom(1, 0.85, 0.4);
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), densities, factors, async (seed, density, rateFactors) => {
        const before = await stepsFrom(start(seed, density), optimizer, 3);
        const after = await stepsFrom(before, { ...optimizer, rateFactors }, 1);
        for (const [layer, each] of Object.entries(rateFactors)) {
          // No rate is zero; with factor 0 the layer stays as it was.
          const alone =
            each === 0 ? before : await stepsFrom(before, { ...optimizer, rate: optimizer.rate * each }, 1);
          for (const name of [`${layer}.weight`, `${layer}.bias`]) {
            expect(elements(given(after.parameters, name)), name).toEqual(
              elements(given(alone.parameters, name)),
            );
          }
        }
      }),
      { seed: 1, numRuns: 8 },
    );
  });

  test('trains as at another rate where all layers have one factor', async () => {
    const rateFactors = { fc1: 0.5, fc2: 0.5, fc3: 0.5 };
    const from = start(1, 0.6);
    const together = await stepsFrom(from, { ...optimizer, rateFactors }, 10);
    expect(together).toEqual(await stepsFrom(from, { ...optimizer, rate: optimizer.rate / 2 }, 10));
  });

  test('trains alike over sparse rows, of which a batch takes some alone', async () => {
    const rateFactors = { fc1: 0.3, fc3: 3 };
    const sparse = { ...job.train, inputs: sparseRows(inputs) };
    for (const density of [1, 0.85, 0.4]) {
      const dense = await stepsFrom(start(2, density), { ...optimizer, rateFactors }, 10);
      const rows = await stepsFrom(start(2, density), { ...optimizer, rateFactors }, 10, sparse);
      for (const [name, value] of Object.entries(dense.parameters)) {
        expect(largestError(elements(given(rows.parameters, name)), elements(value)), name).toBeLessThan(
          1e-5,
        );
      }
    }
  });

  test('trains alike together with others', async () => {
    const own = { ...job, optimizer: { ...optimizer, rateFactors: { fc2: 0.3 } } };
    const program = await onnxEngine.compile(own);
    const training = { state: start(3, 0.6), plan: planOf(own, 0, 10) };
    const other = { state: start(4, 0.6), plan: planOf(own, 5, 10) };
    const [together] = (await program.runTogether?.([training, other])) ?? [];
    const { state } = await program.run(training.state, training.plan);
    await program.dispose();
    for (const [name, value] of Object.entries(state.parameters)) {
      const found = elements(given(together?.state.parameters ?? {}, name));
      expect(largestError(found, elements(value)), name).toBeLessThan(1e-5);
    }
  });

  test.each(['whole', 'masked', 'survivors'] as const)(
    'has the training graph of before in the form %s where every factor is 1',
    (form) => {
      const graph = (own: OptimizerSpec) => trainingGraph({ ...job, optimizer: own }, 'float32', form);
      expect(graph({ ...optimizer, rateFactors: { fc2: 1 } })).toEqual(graph(optimizer));
      expect(graph({ ...optimizer, rateFactors: { fc2: 2 } })).not.toEqual(graph(optimizer));
    },
  );
});

test('a factor of a layer that the network lacks is refused in a sentence that lists its layers', () => {
  const check = (rateFactors: Record<string, number>) => () => {
    checkRateFactors({ kind: 'sgd', rate: 0.1, rateFactors }, job.network, 'my.json');
  };
  expect(check({ fc1: 0.5, fc3: 0 })).not.toThrow();
  expect(check({ fc4: 0.5 })).toThrow(
    new Error(
      "my.json: optimizer.rateFactors names 'fc4', which is no layer of small that trains: choose among fc1, fc2, fc3",
    ),
  );
});
