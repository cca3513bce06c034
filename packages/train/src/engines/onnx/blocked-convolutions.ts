import type { Attribute, Attributes, Graph, Initializer, Node } from '@winning-tickets/onnx';
import { int64, intAttribute, sizeOf, subgraphsOf, valueTypes } from '@winning-tickets/onnx';

/**
 * ONNX Runtime's own operators over channels in blocks, `[batch, channels / block, ...sizes, block]`. The shape of such a
 * value is written as `[batch, channels, ...sizes]` all the same.
 */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/**
 * A graph whose convolutions work on blocks of channels, where they can.
 *
 * The runtime itself sees to that where weights are constant, as in an exported model: it reorders them when it loads the
 * model. Those of a training change, but reordering them at every step is little beside a convolution over a batch.
 *
 * Blocked are convolutions of float32 over two axes, without groups, whose channels and units are multiples of the block
 * and whose weights are not constant, and `MaxPool` where one gives its input.
 *
 * @param block channels of a block, as the runtime has them on this processor (`channelBlock`).
 */
export function withBlockedConvolutions(graph: Graph, block: number): Graph {
  const typeOf = valueTypes(graph);
  const constants = new Set(constantNames(graph));
  return rewritten(graph, ({ op, domain, attributes, inputs: [, weights = ''] }) => {
    if (op !== 'Conv' || domain !== '' || constants.has(weights)) return undefined;
    const type = typeOf(weights);
    const shape = type?.shape.filter((size) => typeof size === 'number') ?? [];
    const [units = 1, channels = 1] = shape;
    const fits =
      type?.dtype === 'float32' && shape.length === 4 && intAttribute(attributes, 'group', 1) === 1;
    return fits && units % block === 0 && channels % block === 0 ? { shape, block } : undefined;
  });
}

/** Whether a graph or a subgraph of it has convolutions. */
export function hasConvolutions(graph: Graph): boolean {
  return graph.nodes.some((node) => node.op === 'Conv' || subgraphsOf(node).some(hasConvolutions));
}

/** The weights of a convolution to be blocked. */
interface Weights {
  /** `[units, channels, height, width]` */
  readonly shape: readonly number[];
  readonly block: number;
}

/** What takes a node's place. */
interface Part {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
}

function rewritten(graph: Graph, weightsOf: (node: Node) => Weights | undefined): Graph {
  // Channels of the values that there are in blocks, too.
  const blocked = new Map<string, number>();
  const parts = graph.nodes.map((node): Part => {
    const [input = ''] = node.inputs;
    const [output = ''] = node.outputs;
    const weights = weightsOf(node);
    const channels = weights?.shape[0] ?? (node.op === 'MaxPool' ? blocked.get(input) : undefined);
    if (channels === undefined) return { nodes: [withBodies(node, weightsOf)], initializers: [] };
    blocked.set(output, channels);
    const part = weights ? blockedConvolution(node, weights) : blockedPooling(node);
    const back = call('ReorderOutput', [blockedName(output)], output, { channels: { int: channels } });
    return { ...part, nodes: [...part.nodes, back] };
  });
  return {
    ...graph,
    nodes: parts.flatMap(({ nodes }) => nodes),
    initializers: [...graph.initializers, ...parts.flatMap(({ initializers }) => initializers)],
  };
}

function blockedConvolution({ inputs, outputs, attributes }: Node, { shape, block }: Weights): Part {
  const [image = '', weights = '', ...bias] = inputs;
  const [output = ''] = outputs;
  const [units = 1, channels = 1, ...kernel] = shape;
  const name = (what: string) => `${output}.${what}`;
  // Blocks of units, blocks of channels, the kernel, channels within a block, units within a block.
  const apart = int64([units / block, block, channels / block, block, sizeOf(kernel)]);
  return {
    nodes: [
      call('ReorderInput', [image], name('image')),
      standard('Reshape', [weights, name('apart')], name('weights.apart')),
      standard('Transpose', [name('weights.apart')], name('weights.turned'), {
        perm: { ints: [0, 2, 4, 3, 1] },
      }),
      standard('Reshape', [name('weights.turned'), name('together')], name('weights')),
      call('Conv', [name('image'), name('weights'), ...bias], blockedName(output), attributes),
    ],
    initializers: [
      { name: name('apart'), tensor: apart },
      { name: name('together'), tensor: int64(shape) },
    ],
  };
}

function blockedPooling({ inputs: [image = ''], outputs: [output = ''], attributes }: Node): Part {
  return {
    nodes: [call('MaxPool', [blockedName(image)], blockedName(output), attributes)],
    initializers: [],
  };
}

function blockedName(name: string): string {
  return `${name}.blocked`;
}

function call(op: string, inputs: readonly string[], output: string, attributes: Attributes = {}): Node {
  return { name: `${output}.node`, op, domain: BLOCKED_DOMAIN, inputs, outputs: [output], attributes };
}

function standard(op: string, inputs: readonly string[], output: string, attributes: Attributes = {}): Node {
  return { ...call(op, inputs, output, attributes), domain: '' };
}

function withBodies(node: Node, weightsOf: (node: Node) => Weights | undefined): Node {
  if (subgraphsOf(node).length === 0) return node;
  const attributes = Object.entries(node.attributes).map(([name, attribute]): [string, Attribute] => [
    name,
    'graph' in attribute ? { graph: rewritten(attribute.graph, weightsOf) } : attribute,
  ]);
  return { ...node, attributes: Object.fromEntries(attributes) };
}

function constantNames(graph: Graph): string[] {
  return [
    ...graph.initializers.map(({ name }) => name),
    ...graph.nodes.flatMap(subgraphsOf).flatMap(constantNames),
  ];
}
