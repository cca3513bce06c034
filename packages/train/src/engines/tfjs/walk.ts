import type { Graph, Node } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { held } from './device-dtype.js';
import type { Held } from './held.js';
import { tfjsOperator } from './operators/registry.js';
import { withoutGradient } from './without-gradient.js';

/** A graph that can be run again and again, with its constants on the device. */
export interface Walk {
  /**
   * Runs the graph, operator by operator.
   *
   * @param feeds a value per graph input, by its name.
   * @returns the graph's outputs by their names; they and all tensors on the way are the caller's to free (`tf.tidy`).
   * @throws Error naming the operator that failed.
   */
  run(feeds: Readonly<Record<string, Held>>): Record<string, Held>;
  /** Frees the constants. */
  dispose(): void;
}

/**
 * @param detached names of values that no gradient flows through.
 * @throws Error when an operator or a dtype has no form in TensorFlow.js.
 */
export function walkOf(graph: Graph, detached: ReadonlySet<string> = new Set()): Walk {
  const constants = constantsOf(graph);
  for (const value of constants.values()) if (value instanceof tf.Tensor) tf.keep(value);
  for (const { op } of graph.nodes) tfjsOperator(op);
  return {
    run: (feeds) => walked(graph, new Map([...constants, ...Object.entries(feeds)]), detached),
    dispose() {
      for (const value of constants.values()) if (value instanceof tf.Tensor) value.dispose();
    },
  };
}

function constantsOf({ name, initializers, sparseInitializers }: Graph): Map<string, Held> {
  if (sparseInitializers.length > 0) {
    throw new Error(`graph '${name}': sparse constants have no form in TensorFlow.js: write them out`);
  }
  return new Map(initializers.map((constant) => [constant.name, held(constant.tensor)]));
}

function walked(
  graph: Graph,
  values: Map<string, Held>,
  detached: ReadonlySet<string>,
): Record<string, Held> {
  for (const node of graph.nodes) {
    const run = () => called(node, values, detached);
    const cut = node.outputs.some((name) => detached.has(name));
    const results = cut ? [withoutGradient(() => onlyTensor(run()))] : run();
    node.outputs.forEach((name, index) => {
      const result = results[index];
      if (result) values.set(name, result);
    });
  }
  return Object.fromEntries(graph.outputs.map(({ name }) => [name, known(values, name)]));
}

function called(node: Node, values: ReadonlyMap<string, Held>, detached: ReadonlySet<string>): Held[] {
  const inputs = node.inputs.map((name) => (name === '' ? undefined : known(values, name)));
  try {
    const results = tfjsOperator(node.op).run({
      inputs,
      attributes: node.attributes,
      outputs: node.outputs.length,
      walkInner: (inner, given) => {
        const around = new Map([...values, ...constantsOf(inner)]);
        inner.inputs.forEach(({ name }, index) => {
          const value = given[index];
          if (value) around.set(name, value);
        });
        const outputs = walked(inner, around, detached);
        return inner.outputs.map(({ name }) => known(new Map(Object.entries(outputs)), name));
      },
    });
    return Array.isArray(results) ? results : [results];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`TensorFlow.js, operator '${node.op}' (${node.name}): ${message}`, { cause: error });
  }
}

function onlyTensor([value]: readonly Held[]): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  throw new Error('only a tensor can be kept from its gradient');
}

function known(values: ReadonlyMap<string, Held>, name: string): Held {
  const value = values.get(name);
  if (!value) throw new Error(`the graph has no value '${name}' here: it is computed later, or not fed`);
  return value;
}
