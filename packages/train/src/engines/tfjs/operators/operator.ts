import type { Attributes, Graph } from '@winning-tickets/onnx';
import type { Held } from '../held.js';

/** One call of an operator. */
export interface OperatorCall {
  /** `undefined` for an optional input that is left out. */
  readonly inputs: readonly (Held | undefined)[];
  readonly attributes: Attributes;
  /** How many outputs are asked for. */
  readonly outputs: number;
  /** Runs a graph inside this one, which sees the values around it. */
  readonly walkInner: (graph: Graph, inputs: readonly Held[]) => Held[];
}

/**
 * One ONNX operator in TensorFlow.js, made of functions that TensorFlow.js can differentiate.
 *
 * Tensors on the way are the caller's to free (`tf.tidy`).
 */
export interface TfjsOperator {
  readonly op: string;
  /** @throws Error when it is called in a way that is not supported, without the operator's name. */
  run(call: OperatorCall): Held | Held[];
}

/** An input that must be there. */
export function input({ inputs }: OperatorCall, index: number): Held {
  const value = inputs[index];
  if (!value) throw new Error(`input ${index} is missing`);
  return value;
}
