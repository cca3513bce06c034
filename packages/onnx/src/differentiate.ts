import type { GraphBuilder } from './builder.js';
import type { Node, Value } from './graph.js';
import { namesUsedBy, shapeText } from './graph.js';
import { add } from './operators/add.js';
import { operatorNamed } from './operators/registry.js';
import { expandTo } from './operators/shared/broadcasting.js';
import { constantLike } from './operators/shared/constant-like.js';

/**
 * Reverse-mode differentiation of a graph: adds the nodes that compute the gradients of `output` (summed over
 * its elements) with respect to each value of `wrt`, and returns those gradients in the shapes of `wrt`: zeros
 * where `output` does not depend on one.
 *
 * Works on the nodes that the builder and those around it hold so far, gradients included, so that calling it
 * on its own result gives second derivatives. Detached values count as constants, unless they stand in `wrt`.
 *
 * @param seed gradient of `output` itself, in its dtype and shape; ones when left out.
 * @throws Error when a value of `wrt`, the output or the seed does not fit, or when a value on the way belongs to
 *   an operator without a gradient rule, naming it.
 */
export function gradients(
  builder: GraphBuilder,
  output: Value,
  wrt: readonly Value[],
  seed?: Value,
): Value[] {
  expectDifferentiable(builder, output, wrt, seed);
  const nodes = visibleNodes(builder);
  const active = activeValues(builder, nodes, wrt);
  const found = new Map<string, Value>();
  const contribute = (value: Value, gradient: Value) => {
    const sofar = found.get(value.name);
    found.set(value.name, sofar ? add(builder, sofar, gradient) : gradient);
  };
  if (active.has(output.name)) contribute(output, seed ?? filledLike(builder, output, 1));

  const known = (name: string): Value | undefined => (name === '' ? undefined : builder.valueNamed(name));
  for (const node of nodes.toReversed()) {
    const outputGradients = node.outputs.map((name) => found.get(name));
    if (!outputGradients.some(Boolean)) continue;
    if (!namesUsedBy(node).some((name) => active.has(name))) continue;
    const { gradient } = operatorNamed(node.op);
    if (gradient === 'none') continue;
    if (!gradient) {
      throw new Error(
        `operator '${node.op}' (node '${node.name}') has no gradient rule: no gradient can pass through it; ` +
          'detach its output to treat that as a constant',
      );
    }
    const inputs = node.inputs.map(known);
    const wanted = inputs.map((input) => input !== undefined && active.has(input.name));
    const outputs = node.outputs.flatMap((name) => known(name) ?? []);
    const results = gradient({ builder, node, inputs, outputs, gradients: outputGradients, wanted });
    inputs.forEach((input, index) => {
      const result = results[index];
      if (input && wanted[index] && result) contribute(input, result);
    });
  }
  return wrt.map((value) => found.get(value.name) ?? filledLike(builder, value, 0));
}

/** The float values that depend on `wrt` through differentiable operators. */
function activeValues(builder: GraphBuilder, nodes: readonly Node[], wrt: readonly Value[]): Set<string> {
  const active = new Set(wrt.map((value) => value.name));
  for (const node of nodes) {
    if (!namesUsedBy(node).some((name) => active.has(name))) continue;
    if (operatorNamed(node.op).gradient === 'none') continue;
    for (const name of node.outputs) {
      const value = builder.valueNamed(name);
      if (value && isFloat(value) && !builder.isDetached(value)) active.add(name);
    }
  }
  return active;
}

/** The nodes of a graph after those of the graphs around it, all of whose values it sees. */
function visibleNodes(builder: GraphBuilder): readonly Node[] {
  return builder.parent ? [...visibleNodes(builder.parent), ...builder.nodes] : [...builder.nodes];
}

function expectDifferentiable(
  builder: GraphBuilder,
  output: Value,
  wrt: readonly Value[],
  seed: Value | undefined,
): void {
  for (const value of [output, ...wrt, ...(seed ? [seed] : [])]) {
    if (builder.valueNamed(value.name) !== value) {
      throw new Error(`gradients: '${value.name}' is not a value of graph '${builder.name}'`);
    }
    if (!isFloat(value)) {
      throw new Error(`gradients: '${value.name}' is ${value.dtype}; only float values have gradients`);
    }
  }
  if (seed && (seed.dtype !== output.dtype || shapeText(seed.shape) !== shapeText(output.shape))) {
    throw new Error(
      `gradients: the seed '${seed.name}' is ${seed.dtype} ${shapeText(seed.shape)}, ` +
        `expected ${output.dtype} ${shapeText(output.shape)} like '${output.name}'`,
    );
  }
}

function isFloat(value: Value): boolean {
  return value.dtype.startsWith('float');
}

function filledLike(builder: GraphBuilder, value: Value, number: number): Value {
  return expandTo(builder, constantLike(builder, value, number), value);
}
