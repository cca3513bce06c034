import type { Graph, Node, Tensor } from '@winning-tickets/onnx';
import { LARGEST_FLOAT16, elementTypeOf, isDType, tensor, toFloat16 } from '@winning-tickets/onnx';
import type { Encoding } from './encoding.js';
import { roundedBase, roundedOptions } from './rounded-base.js';

/**
 * Weights and everything that is computed in half precision; inputs and logits stay float32.
 *
 * Half the bytes of the file. A processor has few kernels for half precision: ONNX Runtime's CPU provider casts weights
 * back when it loads the model and computes in float32, so there it saves neither time nor memory.
 */
export const fp16: Encoding = {
  name: 'fp16',
  summary: 'rounded to half precision: half the file; on the CPU the runtime casts it back to float32',
  options: roundedOptions,
  tolerance: 5e-3,
  accuracyTolerance: 0.002,
  build(ticket, options) {
    const { graph, metadata } = roundedBase(ticket, options);
    return { graph: halved(graph), metadata };
  },
};

/** The graph in half precision between casts of what comes in and goes out. */
function halved(graph: Graph): Graph {
  const inputs = graph.inputs.filter(({ dtype }) => dtype === 'float32').map(({ name }) => name);
  const outputs = graph.outputs.map(({ name }) => name);
  const inside = (name: string) =>
    inputs.includes(name) || outputs.includes(name) ? `${name}.float16` : name;
  return {
    ...graph,
    initializers: graph.initializers.map((one) => ({ ...one, tensor: half(one.tensor, one.name) })),
    nodes: [
      ...inputs.map((name) => cast(name, inside(name), 'float16')),
      ...graph.nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map(inside),
        outputs: node.outputs.map(inside),
        attributes: node.op === 'Cast' ? halfCast(node) : node.attributes,
      })),
      ...outputs.map((name) => cast(inside(name), name, 'float32')),
    ],
  };
}

function half(value: Tensor, name: string): Tensor {
  if (!isDType(value, 'float32')) return value;
  const large = value.data.find((element) => Math.abs(element) > LARGEST_FLOAT16);
  if (large !== undefined) {
    throw new Error(
      `parameter '${name}' has ${large}, half precision ends at ${LARGEST_FLOAT16}: use another encoding`,
    );
  }
  return tensor('float16', value.shape, toFloat16(value.data));
}

function halfCast({ attributes }: Node): Node['attributes'] {
  const { to } = attributes;
  const isFloat = to && 'int' in to && to.int === elementTypeOf.float32;
  return isFloat ? { ...attributes, to: { int: elementTypeOf.float16 } } : attributes;
}

function cast(from: string, to: string, dtype: 'float16' | 'float32'): Node {
  return {
    name: `${to}.cast`,
    op: 'Cast',
    domain: '',
    inputs: [from],
    outputs: [to],
    attributes: { to: { int: elementTypeOf[dtype] } },
  };
}
