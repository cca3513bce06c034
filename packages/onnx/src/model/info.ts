import type { Dimension } from '../graph.js';
import type { ReadMessage } from '../schema.js';
import { safeInteger } from '../schema.js';
import { elementBits, elementTypeName } from './element-type.js';
import {
  decodeFile,
  dimensionsFromProto,
  isStandardDomain,
  metadataFromProto,
  standardOpset,
} from './file.js';

/** An input or output of any ONNX model. */
export interface ValueInfo {
  readonly name: string;
  /** Element type of a tensor, of any that ONNX knows (`'bfloat16'`); else the kind of value (`'sequence'`). */
  readonly dtype: string;
  /** `'?'` is a size without number and name; `null` when the model does not say how many axes there are. */
  readonly shape: readonly Dimension[] | null;
}

/** What an ONNX file says about itself, whatever operators and dtypes it uses. */
export interface ModelInfo {
  readonly metadata: Readonly<Record<string, string>>;
  /** What a caller has to give: inputs with an initializer, which is their default, are left out. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Version of the standard operator set; `null` when the model uses only operators of other domains. */
  readonly opset: number | null;
  readonly irVersion: number;
  readonly producer: { readonly name: string; readonly version: string };
  /** Calls of each operator, subgraphs included; `com.microsoft.FusedGemm` for one of another domain. */
  readonly nodeCounts: Readonly<Record<string, number>>;
  /** Bytes of all initializers, sparse ones with their indices, those in other files as far as their length is given. */
  readonly initializerBytes: number;
}

/**
 * What an ONNX file says about itself. Takes any model, unlike `decodeModel`: tensors and attributes are not read.
 *
 * @param source the file's name, for messages.
 * @throws Error when the bytes are not an ONNX file.
 */
export function readModelInfo(bytes: Uint8Array, source: string): ModelInfo {
  const { proto, graph } = decodeFile(bytes, source);
  const defaults = new Set([
    ...graph.initializer.map(({ name }) => name),
    ...graph.sparseInitializer.map(({ values }) => values?.name),
  ]);
  const graphs = [...graphsWithin(graph)];
  return {
    metadata: metadataFromProto(proto.metadataProps),
    inputs: graph.input.filter(({ name }) => !defaults.has(name)).map(valueInfo),
    outputs: graph.output.map(valueInfo),
    opset: standardOpset(proto) ?? null,
    irVersion: safeInteger(proto.irVersion) ?? 0,
    producer: { name: proto.producerName, version: proto.producerVersion },
    nodeCounts: countNodes(graphs),
    initializerBytes: graphs.reduce((sum, inner) => sum + initializerBytes(inner), 0),
  };
}

/** A graph and all graphs in the attributes of its nodes. */
function* graphsWithin(graph: ReadMessage<'GraphProto'>): Generator<ReadMessage<'GraphProto'>> {
  yield graph;
  for (const { attribute } of graph.node) {
    for (const { g, graphs } of attribute) {
      if (g) yield* graphsWithin(g);
      for (const inner of graphs) yield* graphsWithin(inner);
    }
  }
}

function valueInfo({ name, type }: ReadMessage<'ValueInfoProto'>): ValueInfo {
  const tensor = type?.tensorType ?? type?.sparseTensorType;
  if (!tensor) return { name, dtype: kindOf(type), shape: null };
  return {
    name,
    dtype: elementTypeName(tensor.elemType),
    // Some exporters write an unknown size as -1.
    shape: tensor.shape && dimensionsFromProto(tensor.shape).map((size) => (isSize(size) ? size : '?')),
  };
}

function isSize(size: Dimension): boolean {
  return typeof size === 'string' || size >= 0;
}

function kindOf(type: ReadMessage<'TypeProto'> | null): string {
  if (!type) return 'undefined';
  if (Object.hasOwn(type, 'sequenceType')) return 'sequence';
  if (Object.hasOwn(type, 'mapType')) return 'map';
  if (Object.hasOwn(type, 'optionalType')) return 'optional';
  return Object.hasOwn(type, 'opaqueType') ? 'opaque' : 'undefined';
}

function countNodes(graphs: readonly ReadMessage<'GraphProto'>[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { domain, opType } of graphs.flatMap(({ node }) => node)) {
    const op = isStandardDomain(domain) ? opType : `${domain}.${opType}`;
    counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

function initializerBytes(graph: ReadMessage<'GraphProto'>): number {
  const sparse = graph.sparseInitializer.flatMap(({ values, indices }) => [values, indices]);
  return [...graph.initializer, ...sparse].reduce(
    (sum, tensor) => sum + (tensor ? tensorBytes(tensor) : 0),
    0,
  );
}

function tensorBytes(tensor: ReadMessage<'TensorProto'>): number {
  if (tensor.rawData.length > 0) return tensor.rawData.length;
  const external = tensor.externalData.find(({ key }) => key === 'length');
  if (external) return lengthOf(external.value);
  return (
    4 * tensor.floatData.length +
    8 * (tensor.int64Data.length + tensor.doubleData.length) +
    // These two fields hold narrower types as well.
    Math.ceil((elementBits(tensor.dataType) * (tensor.int32Data.length + tensor.uint64Data.length)) / 8) +
    tensor.stringData.reduce((sum, text) => sum + text.length, 0)
  );
}

function lengthOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
