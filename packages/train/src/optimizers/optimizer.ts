import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';

/** Learning rate. */
const rate = z.number().gt(0);
/** Weight of the past in a running mean. */
const decay = z.number().min(0).lt(1);

/** Share of a weight that is added to its gradient, see `withWeightDecay`. Default none. */
const weightDecay = z.number().gt(0).exactOptional();

/** Layers that train at the rate times a factor, by layer name, see `rateFactorOf`; 0 leaves a layer as it is. Default none. */
const rateFactors = z.record(z.string(), z.number().min(0)).exactOptional();

const schemas = {
  /** Plain stochastic gradient descent: `w -= rate * gradient`. */
  sgd: z.strictObject({ kind: z.literal('sgd'), rate, weightDecay, rateFactors }),

  /** Heavy-ball momentum: `velocity = momentum * velocity + gradient`, `w -= rate * velocity`. */
  momentum: z.strictObject({ kind: z.literal('momentum'), rate, momentum: decay, weightDecay, rateFactors }),

  /**
   * Adam (Kingma & Ba 2015, algorithm 1 in the form at the end of their section 2, which is also TensorFlow's):
   * `w -= rate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)`.
   */
  adam: z.strictObject({
    kind: z.literal('adam'),
    rate,
    beta1: decay.default(0.9),
    beta2: decay.default(0.999),
    epsilon: z.number().gt(0).default(1e-8),
    weightDecay,
    rateFactors,
  }),
};

/** The optimizers there are. */
export const optimizerKinds = ['sgd', 'momentum', 'adam'] as const;

const kinds = z.looseObject({ kind: z.enum(optimizerKinds) });

/** An optimizer as it may be written: Adam's `beta1`, `beta2` and `epsilon` may be left out. */
export type OptimizerInput = Readonly<z.input<(typeof schemas)[keyof typeof schemas]>>;

/** An optimizer with all its hyperparameters; `rate` is the learning rate, per step. */
export type OptimizerSpec = Readonly<z.output<(typeof schemas)[keyof typeof schemas]>>;

/**
 * Validates an optimizer and fills in its defaults: Adam's `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-8. Factors of no layer are
 * as if left out.
 *
 * @param where what the value is, at the start of an error
 * @throws Error with one sentence that names the key, what was found and what was expected.
 */
export function parseOptimizer(value: unknown, where: string): OptimizerSpec {
  const { kind } = parse(kinds, value, where);
  const spec = parse(schemas[kind], value, where);
  const { rateFactors, ...rest } = spec;
  return Object.keys(rateFactors ?? {}).length > 0 ? spec : rest;
}
