import type { SparseInputs } from '@winning-tickets/datasets';
import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { float32, tensor, zeros } from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import { resolveNetwork } from '@winning-tickets/ticket';
import type { BatchPlan, Samples, TrainingJob, TrainState } from '../../../src/index.js';
import { batchPlan, initializeParameters, slotNames, stream } from '../../../src/index.js';
import type { OptimizerSpec } from '../../../src/index.js';

/** A network of dense layers with ReLU between them. */
export function denseNetwork(inputs: number, ...units: readonly number[]): Network {
  const layers = units.flatMap((width, index) => [
    ...(index > 0 ? [{ kind: 'relu' }] : []),
    { kind: 'dense', units: width },
  ]);
  return resolveNetwork({ name: 'small', input: [inputs], layers });
}

/** `count` samples of standard normal features, float32, each with a class. */
export function randomSamples(seed: number, count: number, features: number, classes: number): Samples {
  const random = stream(seed, 'samples');
  return {
    inputs: float32(
      Array.from({ length: count * features }, () => random.normal()),
      [count, features],
    ),
    labels: tensor(
      'int32',
      [count],
      Int32Array.from({ length: count }, () => random.integer(classes)),
    ),
  };
}

/** A 12-8-5-3 network over 40 training samples; 7 and 251 samples to evaluate on. */
export function smallJob(changes: Partial<TrainingJob> = {}): TrainingJob {
  return {
    network: denseNetwork(12, 8, 5, 3),
    optimizer: { kind: 'sgd', rate: 0.1 },
    batchSize: 6,
    inputScale: 1,
    train: randomSamples(1, 40, 12, 3),
    validation: randomSamples(2, 7, 12, 3),
    test: randomSamples(3, 251, 12, 3),
    threads: 1,
    ...changes,
  };
}

/** The state a training starts from: initial parameters under their masks, slots of zeros. */
export function initialState(job: TrainingJob, masks: Tensors, initial?: Tensors): TrainState {
  const drawn = initial ?? initializeParameters(job.network, 1);
  const parameters = Object.fromEntries(
    Object.entries(drawn).map(([name, value]) => {
      const mask = masks[name];
      return [name, mask ? product(value, mask) : value];
    }),
  );
  const slots = Object.fromEntries(
    slotNames(job.optimizer).flatMap((slot) =>
      job.network.parameters.map(({ name, shape }) => [`${slot}/${name}`, zeros('float32', shape)]),
    ),
  );
  return { step: 0, parameters, masks, slots, buffers: {} };
}

/** A mask of ones for every prunable parameter. */
export function fullMasks(network: Network): Tensors {
  return masksOf(network, () => 1);
}

/** A mask per prunable parameter that keeps about the given share of its weights. */
export function randomMasks(network: Network, seed: number, density: number): Tensors {
  const random = stream(seed, 'masks');
  return masksOf(network, () => (random.uniform() < density ? 1 : 0));
}

/** Batches over a job's training samples. */
export function planOf(job: TrainingJob, from: number, steps: number): BatchPlan {
  const [samples = 0] = job.train.labels.shape;
  const { batchSize, optimizer } = job;
  return batchPlan({ seed: 1, samples, batchSize, rate: optimizer.rate, from, steps });
}

export function withRate(kind: OptimizerSpec['kind'], rate: number): OptimizerSpec {
  switch (kind) {
    case 'sgd':
      return { kind, rate };
    case 'momentum':
      return { kind, rate, momentum: 0.9 };
    case 'adam':
      return { kind, rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  }
}

/** What must be there. @throws Error when it is not. */
export function given<T>(values: Readonly<Record<string, T>>, name: string): T {
  const value = values[name];
  if (value === undefined) throw new Error(`nothing is called '${name}'`);
  return value;
}

export function elements(value: Tensor): number[] {
  return Array.from(value.data as ArrayLike<number>);
}

/** Inputs as numbers, every one written out. */
export function written(inputs: Samples['inputs']): number[] {
  if (!('offsets' in inputs)) return elements(inputs);
  const [count, width] = inputs.shape;
  const { offsets, indices, values } = inputs;
  const all = new Array<number>(count * width).fill(0);
  for (let row = 0; row < count; row++) {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) {
      all[row * width + (indices[at] ?? 0)] = values[at] ?? 0;
    }
  }
  return all;
}

/** The same inputs, zeros left out. */
export function sparseRows(inputs: Tensor): SparseInputs {
  const [count = 0, width = 0] = inputs.shape;
  const rows = Array.from({ length: count }, (_, row) =>
    elements(inputs)
      .slice(row * width, (row + 1) * width)
      .flatMap((value, column) => (value === 0 ? [] : [{ column, value }])),
  );
  const offsets = new Int32Array(count + 1);
  rows.forEach((row, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + row.length;
  });
  return {
    layout: 'sparse',
    dtype: 'float32',
    shape: [count, width],
    offsets,
    indices: Int32Array.from(rows.flat(), ({ column }) => column),
    values: Float32Array.from(rows.flat(), ({ value }) => value),
  };
}

/** The largest distance between two lists of numbers. */
export function largestError(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} numbers, expected ${expected.length}`);
  return actual.reduce((worst, value, index) => {
    const error = Math.abs(value - (expected[index] ?? NaN));
    return Number.isNaN(error) ? NaN : Math.max(worst, error);
  }, 0);
}

function masksOf(network: Network, draw: () => number): Tensors {
  return Object.fromEntries(
    network.parameters
      .filter(({ prunable }) => prunable)
      .map(({ name, shape }) => {
        const mask = zeros('float32', shape);
        return [name, { ...mask, data: mask.data.map(draw) }];
      }),
  );
}

function product(value: Tensor, mask: Tensor): Tensor {
  const factors = elements(mask);
  return float32(
    elements(value).map((x, index) => x * (factors[index] ?? NaN)),
    value.shape,
  );
}
