import type { GraphBuilder } from './builder.js';
import type { Node, Value } from './graph.js';
import { add } from './operators/add.js';
import { operatorNamed } from './operators/registry.js';
import { constantLike } from './operators/shared/constant-like.js';
import { mul } from './operators/mul.js';

/**
 * Reverse-mode differentiation of a graph: adds the nodes that compute the gradients of `output` (summed over
 * its elements) with respect to each value of `wrt`, and returns those gradients in the shapes of `wrt`.
 *
 * Works on the nodes that the builder holds so far, gradients included, so that calling it on its own result
 * gives second derivatives. Detached values count as constants.
 *
 * @param seed gradient of `output` itself, in its shape; ones when left out.
 * @throws Error when a value on the way belongs to an operator without a gradient rule, naming it.
 */
export function gradients(
  builder: GraphBuilder,
  output: Value,
  wrt: readonly Value[],
  seed?: Value,
): Value[] {
  const nodes = [...builder.nodes];
  const active = activeValues(builder, nodes, wrt);
  const found = new Map<string, Value>();
  const contribute = (value: Value, gradient: Value) => {
    const sofar = found.get(value.name);
    found.set(value.name, sofar ? add(builder, sofar, gradient) : gradient);
  };
  if (active.has(output.name)) contribute(output, seed ?? onesLike(builder, output));

  const known = (name: string): Value | undefined => (name === '' ? undefined : builder.valueNamed(name));
  for (const node of nodes.toReversed()) {
    const outputGradients = node.outputs.map((name) => found.get(name));
    if (!outputGradients.some(Boolean)) continue;
    const inputs = node.inputs.map(known);
    const wanted = inputs.map((input) => input !== undefined && active.has(input.name));
    if (!wanted.some(Boolean)) continue;
    const { gradient } = operatorNamed(node.op);
    if (gradient === 'none') continue;
    if (!gradient) throw new Error(`operator '${node.op}' (node '${node.name}') has no gradient rule`);
    const outputs = node.outputs.flatMap((name) => known(name) ?? []);
    const results = gradient({ builder, node, inputs, outputs, gradients: outputGradients, wanted });
    inputs.forEach((input, index) => {
      const result = results[index];
      if (input && wanted[index] && result) contribute(input, result);
    });
  }
  return wrt.map((value) => found.get(value.name) ?? zerosLike(builder, value));
}

/** The float values that depend on `wrt` through differentiable operators. */
function activeValues(builder: GraphBuilder, nodes: readonly Node[], wrt: readonly Value[]): Set<string> {
  const active = new Set(wrt.map((value) => value.name));
  for (const node of nodes) {
    if (!node.inputs.some((name) => active.has(name))) continue;
    if (operatorNamed(node.op).gradient === 'none') continue;
    for (const name of node.outputs) {
      const value = builder.valueNamed(name);
      if (value?.dtype.startsWith('float') && !builder.isDetached(value)) active.add(name);
    }
  }
  return active;
}

function onesLike(builder: GraphBuilder, value: Value): Value {
  const one = constantLike(builder, value, 1);
  return value.shape.length === 0 ? one : add(builder, zerosLike(builder, value), one);
}

function zerosLike(builder: GraphBuilder, value: Value): Value {
  return mul(builder, value, constantLike(builder, value, 0));
}
