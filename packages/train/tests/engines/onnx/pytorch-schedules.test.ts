import { readFileSync } from 'node:fs';
import type { Tensors } from '@winning-tickets/onnx';
import { float32, tensor, zeros } from '@winning-tickets/onnx';
import { expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engines/onnx/engine.js';
import { parseOptimizer } from '../../../src/optimizers/optimizer.js';
import { rateFactor, scheduleSchema } from '../../../src/schedules/schedule.js';
import { denseNetwork, elements, fullMasks, given, initialState, largestError, smallJob } from './support.js';

interface Fixture {
  readonly widths: readonly [number, ...number[]];
  readonly inputs: number[];
  readonly labels: number[];
  readonly batches: number[][];
  readonly mask: number[];
  readonly initial: Record<string, number[]>;
  readonly runs: Record<string, FixtureRun>;
}

interface FixtureRun {
  readonly optimizer: unknown;
  readonly schedule: unknown;
  readonly rates: number[];
  readonly losses: number[];
  readonly parameters: Record<string, number[]>;
}

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/pytorch/schedules.json', import.meta.url), 'utf8'),
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
const train = {
  inputs: float32(fixture.inputs, [fixture.labels.length, features]),
  labels: tensor('int32', [fixture.labels.length], Int32Array.from(fixture.labels)),
};
const iterations = fixture.batches.length;
const batchSize = fixture.batches[0]?.length ?? 0;
const batches = {
  indices: tensor('int32', [iterations, batchSize], Int32Array.from(fixture.batches.flat())),
  seeds: zeros('int64', [iterations]),
};

test.each(Object.keys(fixture.runs))(
  '%s: rates, losses and trained parameters are those of PyTorch',
  async (name) => {
    const run = given(fixture.runs, name);
    const optimizer = parseOptimizer(run.optimizer, name);
    const factor = rateFactor(scheduleSchema.parse(run.schedule), { iterations });
    const rates = Array.from({ length: iterations }, (_, step) => optimizer.rate * factor(step));
    expect(largestError(rates, run.rates)).toBeLessThan(1e-9);

    const job = smallJob({ network, optimizer, batchSize, train });
    const program = await onnxEngine.compile(job);
    const plan = { ...batches, rates: Float32Array.from(rates) };
    const { state, losses } = await program.run(initialState(job, masks, initial), plan);
    await program.dispose();
    expect(largestError(Array.from(losses), run.losses)).toBeLessThan(1e-5);
    for (const [parameter, values] of Object.entries(run.parameters)) {
      expect(largestError(elements(given(state.parameters, parameter)), values), parameter).toBeLessThan(
        1e-5,
      );
    }
  },
);
