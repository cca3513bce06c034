import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import { add, scatterND } from '@winning-tickets/onnx';

/** A gradient as an update rule takes it: something that is added to values of the parameter's shape. */
export interface Gradient {
  /**
   * A value plus a function of the gradient.
   *
   * @param of works element by element and is zero where the gradient is; the gradient itself when left out.
   */
  addedTo(builder: GraphBuilder, value: Value, of?: (gradient: Value) => Value): Value;
}

const itself = (gradient: Value) => gradient;

/** A gradient with every element written out. */
export function wholeGradient(gradient: Value): Gradient {
  return { addedTo: (builder, value, of = itself) => add(builder, value, of(gradient)) };
}

/**
 * A gradient of which most rows are zero and left out. What is added to them costs nothing.
 *
 * @param rows `[n, ...]`, those that are not.
 * @param places int64 `[n, 1]`, which rows of the parameter they are, each another one.
 */
export function rowGradient(rows: Value, places: Value): Gradient {
  return { addedTo: (builder, value, of = itself) => scatterND(builder, value, places, of(rows), 'add') };
}
