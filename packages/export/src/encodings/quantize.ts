import type { Graph, Initializer, Node } from '@winning-tickets/onnx';
import type { Range, Ranges } from './encoding.js';
import { floatConstants, productOf } from './products.js';
import type { Piece } from './quantized.js';
import { quantizedActivation, quantizedParameters, quantizedRows, roundedName } from './quantized.js';

/**
 * The values of a graph that eight bits have to hold: what is multiplied by constant weights, and what convolutions give,
 * behind their ReLU where there is one, because runtimes have integer convolutions from eight bits to eight bits alone.
 */
export function roundedValues(graph: Graph): string[] {
  const constants = floatConstants(graph);
  const values = graph.nodes.flatMap((node) => {
    const product = productOf(node, constants);
    if (!product) return [];
    return node.op === 'Conv' ? [product.activation, resultOf(node, graph)] : [product.activation];
  });
  const outputs = graph.outputs.map(({ name }) => name);
  return [...new Set(values)].filter((value) => !outputs.includes(value));
}

/** A graph with the weights of its products, the tables that it picks rows of, and some of its values in eight bits. */
export function quantize(graph: Graph, ranges: Ranges): Graph {
  const constants = floatConstants(graph);
  const nodes: Node[] = [];
  const added = new Map<string, Initializer>();
  const put = (piece: Piece): string => {
    nodes.push(...piece.nodes);
    for (const constant of piece.constants) added.set(constant.name, constant);
    return piece.output;
  };
  const scales = new Map<string, number>();
  const round = (values: readonly string[]): void => {
    for (const value of values) {
      const range: Range | undefined = ranges[value];
      if (!range) continue;
      const piece = quantizedActivation(value, range);
      scales.set(value, piece.scale);
      put(piece);
    }
  };
  round(graph.inputs.map(({ name }) => name));
  for (const node of graph.nodes) {
    const product = productOf(node, constants);
    const scale = product && scales.get(product.activation);
    const table = node.op === 'Gather' ? constants.get(node.inputs[0] ?? '') : undefined;
    if (product && scale !== undefined) {
      const parameters = quantizedParameters(product.weight, product.axis, product.bias, scale).map(put);
      nodes.push({ ...node, inputs: [roundedName(product.activation), ...parameters] });
    } else if (table?.tensor.shape.length === 2) {
      put(quantizedRows(node, table));
    } else {
      nodes.push({
        ...node,
        inputs: node.inputs.map((name) => (scales.has(name) ? roundedName(name) : name)),
      });
    }
    round(node.outputs);
  }
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const kept = graph.initializers.filter(({ name }) => used.has(name));
  return { ...graph, nodes, initializers: [...kept, ...added.values()] };
}

function resultOf({ outputs: [output = ''] }: Node, { nodes }: Graph): string {
  const [next, ...others] = nodes.filter(({ inputs }) => inputs.includes(output));
  return next?.op === 'Relu' && others.length === 0 ? (next.outputs[0] ?? output) : output;
}
