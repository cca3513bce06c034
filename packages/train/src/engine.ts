import type { SparseInputs } from '@winning-tickets/datasets';
import type { Graph, Tensor, Tensors } from '@winning-tickets/onnx';
import type { Agreement, Labels, Network } from '@winning-tickets/ticket';
import type { OptimizerSpec } from './optimizers/optimizer.js';

/** Whether a device can be used here, and if not, why and what to do. */
export interface DeviceStatus {
  readonly device: string;
  readonly available: boolean;
  readonly detail: string;
}

/** Samples with their labels, as an engine sees them. Not copied and never written to. */
export interface Samples {
  /**
   * `[n, ...input shape]`, as stored; preprocessing happens in the graph. int32 for indices. Sparse rows are only ever
   * written out a batch at a time.
   */
  readonly inputs: Tensor<'uint8'> | Tensor<'float32'> | Tensor<'int32'> | SparseInputs;
  readonly labels: Labels;
}

/** What an engine compiles: everything about a training that stays fixed over its steps. */
export interface TrainingJob {
  readonly network: Network;
  readonly optimizer: OptimizerSpec;
  /** Samples per step. */
  readonly batchSize: number;
  /** Each stored input is multiplied by this before it enters the network (MNIST: 1/255); indices are not. */
  readonly inputScale: number;
  readonly train: Samples;
  readonly validation: Samples;
  readonly test: Samples;
  /** Threads inside one operator. Part of a run's identity: another number gives other last bits. */
  readonly threads: number;
  /** Where it trains, one of the engine's devices (`engineDevices`). Default `cpu`. */
  readonly device?: string;
  /** Whether what no gradient reaches is left out, where the engine can. Default true. */
  readonly compact?: boolean;
}

/** The whole state of a training, as a value: nothing else carries over from step to step. */
export interface TrainState {
  /** Steps done so far. */
  readonly step: number;
  /** Weights and biases by parameter name; pruned weights are zero. */
  readonly parameters: Tensors;
  /** One float32 mask of 0 and 1 per masked parameter, in the parameter's shape. */
  readonly masks: Tensors;
  /** The optimizer's slots, named `<slot>/<parameter>`; zero at first, then in the units of the engine that goes on. */
  readonly slots: Tensors;
  /** State of layers that is not trained (batch-norm averages), by name. */
  readonly buffers: Tensors;
}

/** The batches of some steps, drawn outside the engine so that every engine sees the same. */
export interface BatchPlan {
  /** Indices into the training samples, `[steps, batch]`. */
  readonly indices: Tensor<'int32'>;
  /** Learning rate of each step. */
  readonly rates: Float32Array;
  /** What the randomness inside layers derives from, a number below 2^31 for each step. */
  readonly seeds: Tensor<'int64'>;
}

/** What one of several trainings does in a call of `runTogether`. */
export interface TogetherStep {
  readonly state: TrainState;
  readonly plan: BatchPlan;
}

/** Mean loss over a set of samples, and how well what is predicted agrees with their labels. */
export interface Evaluation extends Agreement {
  /** Mean cross-entropy in nats. */
  readonly loss: number;
}

export type SplitName = 'train' | 'validation' | 'test';

/** A compiled training. `run` takes a state and returns the next one: state in, state out. */
export interface TrainingProgram {
  /** Runs one step per row of the plan; `losses` has the batch loss of each. */
  run(state: TrainState, plan: BatchPlan): Promise<{ state: TrainState; losses: Float32Array }>;
  /**
   * As `run` for several trainings at once, side by side in one graph, so that small networks fill a large device. Plans
   * have the same number of steps. Last bits may differ from those of `run`. Left out by engines that cannot.
   *
   * @throws Error when the samples are sparse.
   * @throws RangeError when there is no training, or plans differ in length.
   */
  readonly runTogether?: (
    trainings: readonly TogetherStep[],
  ) => Promise<{ state: TrainState; losses: Float32Array }[]>;
  /** Parameters and buffers may come in either record. */
  evaluate(state: Pick<TrainState, 'parameters' | 'buffers'>, split: SplitName): Promise<Evaluation>;
  /** Runs any graph on the engine's device: scores, dense gradients, checks. */
  execute(graph: Graph, inputs: Tensors): Promise<Tensors>;
  dispose(): Promise<void>;
  /** Versions of what computes, beside those that every run records. */
  readonly software?: Readonly<Record<string, string>>;
}

/** Something that can train: ONNX Runtime, TensorFlow.js. */
export interface Engine {
  readonly name: string;
  devices(): Promise<DeviceStatus[]>;
  compile(job: TrainingJob): Promise<TrainingProgram>;
}
