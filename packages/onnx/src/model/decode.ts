import type { Attribute, Dimension, Graph, Initializer, Model, Node, Value } from '../graph.js';
import type { Int64, ReadMessage } from '../schema.js';
import { safeInteger } from '../schema.js';
import { attributeTypes, otherAttributeType } from './attribute-type.js';
import { dtypeOf, elementTypeName, supportedDTypes } from './element-type.js';
import {
  decodeFile,
  dimensionsFromProto,
  isStandardDomain,
  metadataFromProto,
  standardOpset,
} from './file.js';
import { sparseFromProto } from './sparse-initializer.js';
import { tensorFromProto } from './tensor-proto.js';

/**
 * A model from the bytes of an ONNX file.
 *
 * Everything that a `Model` has no place for is refused when the graph's meaning depends on it (other dtypes and
 * kinds of attributes, external data, functions of the model's own, values that are not tensors) and dropped when it
 * does not (documentation strings, shapes of inner values, training graphs, annotations). Sparse initializers with one
 * index per axis get linear indices. A dimension of unknown size and name becomes `'?'`.
 *
 * @param source the file's name, for messages.
 * @throws Error when the bytes are not an ONNX file, their sizes do not fit together, or they hold what is refused;
 *   the message names the node, attribute or tensor.
 */
export function decodeModel(bytes: Uint8Array, source: string): Model {
  const { proto, graph } = decodeFile(bytes, source);
  if (proto.functions.length > 0) {
    throw new Error(`${source} defines functions of its own, which is not supported: inline them first`);
  }
  const opset = standardOpset(proto);
  if (opset === undefined) throw new Error(`${source} names no version of the standard operator set`);
  return {
    graph: graphFromProto(graph, source),
    metadata: metadataFromProto(proto.metadataProps),
    producer: { name: proto.producerName, version: proto.producerVersion },
    opset,
    irVersion: exactInteger(proto.irVersion, `${source}: the IR version`),
  };
}

function graphFromProto(proto: ReadMessage<'GraphProto'>, where: string): Graph {
  return {
    name: proto.name,
    inputs: proto.input.map((value) => valueFromProto(value, `${where}: input`)),
    outputs: proto.output.map((value) => valueFromProto(value, `${where}: output`)),
    initializers: proto.initializer.map((tensor) => initializerFromProto(tensor, where)),
    sparseInitializers: proto.sparseInitializer.map((sparse) => sparseFromProto(sparse, where)),
    nodes: proto.node.map((node) => nodeFromProto(node, where)),
  };
}

function initializerFromProto(proto: ReadMessage<'TensorProto'>, where: string): Initializer {
  return { name: proto.name, tensor: tensorFromProto(proto, `${where}: initializer '${proto.name}'`) };
}

function valueFromProto(proto: ReadMessage<'ValueInfoProto'>, where: string): Value {
  const here = `${where} '${proto.name}'`;
  const type = proto.type?.tensorType;
  if (!type) throw new Error(`${here} is not declared as a tensor`);
  const dtype = dtypeOf(type.elemType);
  if (dtype === undefined) {
    throw new Error(
      `${here} has dtype ${elementTypeName(type.elemType)}, expected one of ${supportedDTypes}`,
    );
  }
  if (!type.shape) throw new Error(`${here} has no shape`);
  const shape: Dimension[] = dimensionsFromProto(type.shape);
  const negative = shape.find((size) => typeof size === 'number' && !(size >= 0));
  if (negative !== undefined) throw new Error(`${here} has size ${negative}, expected 0 or more`);
  return { name: proto.name, dtype, shape };
}

function nodeFromProto(proto: ReadMessage<'NodeProto'>, where: string): Node {
  const here = `${where}: node '${proto.name}' (${proto.opType})`;
  const attributes = new Map<string, Attribute>();
  for (const attribute of proto.attribute) {
    if (attributes.has(attribute.name)) throw new Error(`${here} has attribute '${attribute.name}' twice`);
    attributes.set(attribute.name, attributeFromProto(attribute, `${here}: attribute '${attribute.name}'`));
  }
  return {
    name: proto.name,
    op: proto.opType,
    domain: isStandardDomain(proto.domain) ? '' : proto.domain,
    inputs: proto.input,
    outputs: proto.output,
    attributes: Object.fromEntries(attributes),
  };
}

function attributeFromProto(proto: ReadMessage<'AttributeProto'>, where: string): Attribute {
  if (proto.refAttrName !== '') throw new Error(`${where} refers to an attribute of a function`);
  switch (proto.type) {
    case attributeTypes.int:
      return { int: exactInteger(proto.i, where) };
    case attributeTypes.float:
      return { float: proto.f };
    case attributeTypes.string:
      return { string: textOf(proto.s, where) };
    case attributeTypes.ints:
      return { ints: proto.ints.map((value) => exactInteger(value, where)) };
    case attributeTypes.floats:
      return { floats: proto.floats };
    case attributeTypes.strings:
      return { strings: proto.strings.map((value) => textOf(value, where)) };
    case attributeTypes.tensor:
      if (!proto.t) throw new Error(`${where} holds no tensor`);
      return { tensor: tensorFromProto(proto.t, where) };
    case attributeTypes.graph:
      if (!proto.g) throw new Error(`${where} holds no graph`);
      return { graph: graphFromProto(proto.g, where) };
    default:
      throw new Error(
        `${where} is of kind ${otherAttributeType(proto.type)}, expected one of ${Object.keys(attributeTypes).join(', ')}`,
      );
  }
}

function exactInteger(value: Int64, where: string): number {
  const integer = safeInteger(value);
  if (integer === undefined) {
    throw new Error(`${where} is ${value.toString()}, which a number does not hold exactly`);
  }
  return integer;
}

// A byte order mark is content here.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array, where: string): string {
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch (cause) {
    throw new Error(`${where} is not UTF-8 text`, { cause });
  }
}
