import type { Attribute, Dimension, Graph, Model, Node, Value } from '../graph.js';
import type { WriteMessage } from '../schema.js';
import { encodeMessage } from '../schema.js';
import { attributeTypes } from './attribute-type.js';
import { elementTypeOf } from './element-type.js';
import { sparseToProto } from './sparse-initializer.js';
import { tensorToProto } from './tensor-proto.js';

/**
 * A model as the bytes of an ONNX file. Equal models give equal bytes.
 *
 * Tensor elements are written as raw little-endian bytes. The dimension `'?'` is written as unknown, any other
 * string as a symbolic dimension. Operators of another domain import version 1 of it. The model is taken as it
 * is: `checkModel` says whether it is sound.
 */
export function encodeModel(model: Model): Uint8Array {
  return encodeMessage('ModelProto', {
    irVersion: model.irVersion,
    producerName: model.producer.name,
    producerVersion: model.producer.version,
    graph: graphToProto(model.graph),
    opsetImport: [
      { domain: '', version: model.opset },
      ...otherDomains(model.graph).map((domain) => ({ domain, version: 1 })),
    ],
    metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
  });
}

function otherDomains(graph: Graph): string[] {
  const domains = new Set<string>();
  const collect = (inner: Graph): void => {
    for (const node of inner.nodes) {
      if (node.domain !== '') domains.add(node.domain);
      for (const attribute of Object.values(node.attributes)) {
        if ('graph' in attribute) collect(attribute.graph);
      }
    }
  };
  collect(graph);
  return [...domains].sort();
}

function graphToProto(graph: Graph): WriteMessage<'GraphProto'> {
  return {
    node: graph.nodes.map(nodeToProto),
    name: graph.name,
    initializer: graph.initializers.map(({ name, tensor }) => tensorToProto(tensor, name)),
    input: graph.inputs.map(valueToProto),
    output: graph.outputs.map(valueToProto),
    sparseInitializer: graph.sparseInitializers.map(sparseToProto),
  };
}

function nodeToProto(node: Node): WriteMessage<'NodeProto'> {
  return {
    input: node.inputs,
    output: node.outputs,
    name: node.name,
    opType: node.op,
    attribute: Object.entries(node.attributes).map(([name, attribute]) => ({
      name,
      ...attributeToProto(attribute),
    })),
    ...(node.domain !== '' && { domain: node.domain }),
  };
}

function attributeToProto(attribute: Attribute): WriteMessage<'AttributeProto'> {
  if ('int' in attribute) return { type: attributeTypes.int, i: attribute.int };
  if ('float' in attribute) return { type: attributeTypes.float, f: attribute.float };
  if ('string' in attribute) return { type: attributeTypes.string, s: textBytes(attribute.string) };
  if ('ints' in attribute) return { type: attributeTypes.ints, ints: attribute.ints };
  if ('floats' in attribute) return { type: attributeTypes.floats, floats: attribute.floats };
  if ('strings' in attribute) {
    return { type: attributeTypes.strings, strings: attribute.strings.map(textBytes) };
  }
  if ('tensor' in attribute) return { type: attributeTypes.tensor, t: tensorToProto(attribute.tensor) };
  return { type: attributeTypes.graph, g: graphToProto(attribute.graph) };
}

function valueToProto({ name, dtype, shape }: Value): WriteMessage<'ValueInfoProto'> {
  const elemType = elementTypeOf[dtype];
  return { name, type: { tensorType: { elemType, shape: { dim: shape.map(dimensionToProto) } } } };
}

function dimensionToProto(dimension: Dimension): WriteMessage<'DimensionProto'> {
  if (typeof dimension === 'number') return { dimValue: dimension };
  return dimension === '?' ? {} : { dimParam: dimension };
}

const encoder = new TextEncoder();

function textBytes(text: string): Uint8Array {
  return encoder.encode(text);
}
