import type { Graph, Node } from '@winning-tickets/onnx';
import { floatConstants, productOf } from './products.js';

/**
 * The graph with each ReLU of a convolution in float32 behind the pooling that follows it: the largest of some elements is the
 * same before and after.
 *
 * What is rounded to eight bits next would otherwise be rounded before the pooling: runtimes move a rounding up through
 * whatever takes the largest, but not through a ReLU, and on the CPU pooling bytes with the channels first takes over ten times as
 * long as pooling float32.
 */
export function poolFirst(graph: Graph): Graph {
  const constants = floatConstants(graph);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const onlyReader = (name: string): Node | undefined => {
    const [reader, ...others] = graph.nodes.filter(({ inputs }) => inputs.includes(name));
    return others.length === 0 && !outputs.has(name) ? reader : undefined;
  };
  const swapped = new Map<Node, Node>();
  for (const convolution of graph.nodes) {
    if (convolution.op !== 'Conv' || productOf(convolution, constants)) continue;
    const relu = onlyReader(convolution.outputs[0] ?? '');
    if (relu?.op !== 'Relu') continue;
    const pooling = onlyReader(relu.outputs[0] ?? '');
    if (pooling?.op !== 'MaxPool') continue;
    swapped.set(relu, { ...pooling, inputs: relu.inputs, outputs: relu.outputs });
    swapped.set(pooling, { ...relu, inputs: relu.outputs, outputs: pooling.outputs });
  }
  return { ...graph, nodes: graph.nodes.map((node) => swapped.get(node) ?? node) };
}
