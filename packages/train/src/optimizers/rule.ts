import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import type { Gradient } from './gradient.js';

/** What the update of one parameter sees. All values have the parameter's shape, but for the step size. */
export interface UpdateContext {
  readonly builder: GraphBuilder;
  readonly parameter: Value;
  /** Gradient of the batch loss; zero where the parameter is masked. */
  readonly gradient: Gradient;
  /** The optimizer's slots for this parameter, in the order of `slots`. */
  readonly slots: readonly Value[];
  /** What `stepSize` gave for this step, times the factor of the layer: a scalar, or one for each element of the parameter. */
  readonly stepSize: Value;
}

/**
 * How an optimizer changes a parameter: as ONNX operators, with one number per step computed beforehand in
 * double precision.
 *
 * A parameter whose gradient is zero and whose slots are zero must not move: this is what keeps pruned weights
 * at zero.
 */
export interface UpdateRule {
  /** Names of the values kept per parameter; they start at zero. */
  readonly slots: readonly string[];
  /** The number that reaches the graph for step `step` (from 1) at learning rate `rate`. */
  stepSize(rate: number, step: number): number;
  /** The parameter after the step, and its slots. */
  update(context: UpdateContext): { parameter: Value; slots: Value[] };
}
