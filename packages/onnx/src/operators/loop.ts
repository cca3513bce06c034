import type { GraphBuilder } from '../builder.js';
import type { Dimension, Value } from '../graph.js';
import { shapeText } from '../graph.js';
import type { Tensor } from '../tensor.js';
import { scalarValue, tensor } from '../tensor.js';
import type { Operator } from './operator.js';
import { expectDType, required } from './shared/shapes.js';

/** What a loop's body yields: the next states, and values collected over the iterations. */
export interface LoopBody {
  readonly states: readonly Value[];
  readonly scans: readonly Value[];
}

export interface LoopResult {
  /** The states after the last iteration, in the order given. */
  readonly states: Value[];
  /** Each scanned value with a leading axis over the iterations. */
  readonly scans: Value[];
}

/**
 * Repeats a subgraph `trips` times (int64 scalar), carrying states from iteration to iteration.
 *
 * The body sees the values of the graphs around it. A state keeps its dtype and shape.
 *
 * @param body builds one iteration: `iteration` is the int64 number of it, `states` its states.
 * @throws Error when a state changes its dtype or shape, or their number changes.
 */
export function loop(
  builder: GraphBuilder,
  trips: Value,
  initial: readonly Value[],
  body: (builder: GraphBuilder, iteration: Value, states: Value[]) => LoopBody,
): LoopResult {
  expectDType('Loop', trips, 'int64');
  const inner = builder.subgraph('body');
  const name = (stem: string) => inner.freshName(`body_${stem}`);
  const iteration = inner.input(name('iteration'), 'int64', []);
  const condition = inner.input(name('condition'), 'bool', []);
  const states = initial.map((state) => inner.input(name(state.name), state.dtype, state.shape));
  const next = body(inner, iteration, states);
  if (next.states.length !== initial.length) {
    throw new Error(
      `Loop: begins with ${initial.length} states and ends an iteration with ${next.states.length}`,
    );
  }
  inner.output(condition, name('go_on'));
  next.states.forEach((state, index) => {
    const before = initial[index];
    if (before?.dtype !== state.dtype || shapeText(before.shape) !== shapeText(state.shape)) {
      throw new Error(
        `Loop: state ${index} begins as ${before?.dtype ?? 'nothing'} ${shapeText(before?.shape ?? [])} ` +
          `and ends an iteration as ${state.dtype} ${shapeText(state.shape)}`,
      );
    }
  });
  // A body's output must be computed in it. Values that are get no new name, since renaming copies them.
  const computed = new Set(inner.nodes.flatMap((node) => node.outputs));
  for (const value of [...next.states, ...next.scans]) {
    inner.output(value, computed.delete(value.name) ? undefined : name(value.name));
  }
  // The reference evaluator runs a loop without a condition zero times: it gets one.
  const always = builder.constant(tensor('bool', [], Uint8Array.of(1)));
  const outputs = builder.add('Loop', [trips, always, ...initial], { body: { graph: inner.build() } });
  return { states: outputs.slice(0, initial.length), scans: outputs.slice(initial.length) };
}

export const loopOperator: Operator = {
  op: 'Loop',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda'],
  infer: (context) => {
    const body = context.attributes['body'];
    if (!body || !('graph' in body)) throw new Error("Loop: attribute 'body' must be a graph");
    const states = context.inputs.slice(2);
    return body.graph.outputs.slice(1).map((output, index) => {
      if (index < states.length) {
        const { dtype, shape } = required(context, index + 2);
        return { dtype, shape };
      }
      return { dtype: output.dtype, shape: [tripCount(context.constant(0)), ...output.shape] };
    });
  },
};

function tripCount(constant: Tensor | undefined): Dimension {
  return constant ? scalarValue(constant) : 'iterations';
}
