import { tensor } from '@winning-tickets/onnx';
import type { BatchPlan } from './engine.js';
import type { Experiment } from './experiment.js';
import type { OptimizerSpec } from './optimizers/optimizer.js';
import { stream } from './rng.js';
import { rateFactor } from './schedules/schedule.js';

/** Seeds of steps are below this. */
const SEEDS = 2 ** 31;

/** What determines every batch of a training. */
export interface BatchOptions {
  /** The trial's seed (`trialSeed`); all levels and branches of a trial see the same batches. */
  readonly seed: number;
  /** Number of training samples. */
  readonly samples: number;
  /** Samples per step. */
  readonly batchSize: number;
  /** Learning rate. */
  readonly rate: number;
  /** What it is multiplied by at a step, see `rateFactor`. Default: 1 at every step. */
  readonly factor?: (step: number) => number;
}

/**
 * The batches of steps `from` to `from + steps - 1`, as a pure function of the step number.
 *
 * Think of one endless sequence of samples: the epochs' permutations, one after the other, that of epoch e drawn from
 * the stream `(seed, 'batches', e)`. Step t takes samples `[t * batchSize, (t + 1) * batchSize)` of it. A batch may
 * thus straddle two epochs: all batches are full, and no sample is dropped.
 *
 * The seed of step t, for the randomness inside layers, is t more than a number from the stream `(seed, 'layers')`.
 *
 * @returns `indices` int32 `[steps, batchSize]`, `rates` `[steps]`, `seeds` int64 `[steps]`
 * @throws RangeError when a count is not a whole number.
 */
export function batchPlan(
  options: BatchOptions & { readonly from: number; readonly steps: number },
): BatchPlan {
  return batchSource(options)(options.from, options.steps);
}

/**
 * `batchPlan` for a training that asks for one chunk of steps after the other: the same function of `from` and `steps`,
 * with the current epoch's permutation kept so that it is not drawn again for every chunk.
 */
export function batchSource(options: BatchOptions): (from: number, steps: number) => BatchPlan {
  const { seed, samples, batchSize, rate, factor = () => 1 } = options;
  requireWhole('number of training samples', samples, 1);
  requireWhole('batch size', batchSize, 1);

  const firstSeed = stream(seed, 'layers').integer(SEEDS);
  let cached: { epoch: number; order: Int32Array } | undefined;
  const orderOf = (epoch: number): Int32Array => {
    if (cached?.epoch !== epoch) {
      cached = { epoch, order: stream(seed, 'batches', epoch).permutation(samples) };
    }
    return cached.order;
  };

  return (from, steps) => {
    requireWhole('first step', from, 0);
    requireWhole('number of steps', steps, 0);
    const indices = new Int32Array(steps * batchSize);
    const start = from * batchSize;
    for (let filled = 0; filled < indices.length;) {
      const position = (start + filled) % samples;
      const order = orderOf(Math.floor((start + filled) / samples));
      const part = order.subarray(position, position + indices.length - filled);
      indices.set(part, filled);
      filled += part.length;
    }
    return {
      indices: tensor('int32', [steps, batchSize], indices),
      rates: Float32Array.from({ length: steps }, (_, step) => rate * factor(from + step)),
      seeds: tensor(
        'int64',
        [steps],
        BigInt64Array.from({ length: steps }, (_, step) => BigInt((firstSeed + from + step) % SEEDS)),
      ),
    };
  };
}

/**
 * The batches of a trial of an experiment, at the rates of its schedule or at one rate.
 *
 * @param samples number of training samples
 * @param seed the trial's; another one for batches in another order
 * @param optimizer whose rate the schedule changes; default the experiment's
 * @param rate of every step, in place of the optimizer's with its schedule
 */
export function experimentBatches(
  experiment: Experiment,
  samples: number,
  seed: number,
  {
    optimizer = experiment.optimizer,
    rate,
  }: { readonly optimizer?: Pick<OptimizerSpec, 'rate'>; readonly rate?: number | undefined } = {},
): (from: number, steps: number) => BatchPlan {
  const { batchSize, schedule } = experiment;
  const common = { seed, samples, batchSize };
  if (rate !== undefined) return batchSource({ ...common, rate });
  return batchSource({ ...common, rate: optimizer.rate, factor: rateFactor(schedule, experiment) });
}

function requireWhole(what: string, value: number, minimum: number): void {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new RangeError(
      `the ${what} of a batch plan is a whole number of at least ${minimum}, found ${value}`,
    );
  }
}
