import Long from 'long';
import protobuf from 'protobufjs/light.js';

// By itself protobufjs finds this class only where "long" resolves to CommonJS, and silently rounds 64-bit integers
// to numbers where it does not, as in a test runner or a bundle.
protobuf.util.Long = Long;
protobuf.configure();

/**
 * The messages of an ONNX file that are read or written here, as the ONNX specification numbers their fields
 * (https://github.com/onnx/onnx/blob/main/docs/IR.md). Each field: its number, its type, and how it repeats.
 *
 * Enumerations are plain int32, so that a value this table does not know is seen rather than dropped. Messages
 * that are only counted or named in a message to the user are `bytes`, which look the same on the wire. Fields
 * that are left out are skipped when reading, like fields of a future version.
 */
const schema = {
  ModelProto: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    producerVersion: [3, 'string'],
    graph: [7, 'GraphProto'],
    opsetImport: [8, 'OperatorSetIdProto', 'repeated'],
    metadataProps: [14, 'StringStringEntryProto', 'repeated'],
    functions: [25, 'bytes', 'repeated'],
  },
  OperatorSetIdProto: {
    domain: [1, 'string'],
    version: [2, 'int64'],
  },
  StringStringEntryProto: {
    key: [1, 'string'],
    value: [2, 'string'],
  },
  GraphProto: {
    node: [1, 'NodeProto', 'repeated'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto', 'repeated'],
    input: [11, 'ValueInfoProto', 'repeated'],
    output: [12, 'ValueInfoProto', 'repeated'],
    sparseInitializer: [15, 'SparseTensorProto', 'repeated'],
  },
  NodeProto: {
    input: [1, 'string', 'repeated'],
    output: [2, 'string', 'repeated'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'AttributeProto', 'repeated'],
    domain: [7, 'string'],
  },
  AttributeProto: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    t: [5, 'TensorProto'],
    g: [6, 'GraphProto'],
    floats: [7, 'float', 'repeated'],
    ints: [8, 'int64', 'repeated'],
    strings: [9, 'bytes', 'repeated'],
    graphs: [11, 'GraphProto', 'repeated'],
    type: [20, 'int32'],
    refAttrName: [21, 'string'],
  },
  TensorProto: {
    dims: [1, 'int64', 'repeated'],
    dataType: [2, 'int32'],
    segment: [3, 'bytes'],
    floatData: [4, 'float', 'packed'],
    int32Data: [5, 'int32', 'packed'],
    stringData: [6, 'bytes', 'repeated'],
    int64Data: [7, 'int64', 'packed'],
    name: [8, 'string'],
    rawData: [9, 'bytes'],
    doubleData: [10, 'double', 'packed'],
    uint64Data: [11, 'uint64', 'packed'],
    externalData: [13, 'StringStringEntryProto', 'repeated'],
    dataLocation: [14, 'int32'],
  },
  SparseTensorProto: {
    values: [1, 'TensorProto'],
    indices: [2, 'TensorProto'],
    dims: [3, 'int64', 'repeated'],
  },
  ValueInfoProto: {
    name: [1, 'string'],
    type: [2, 'TypeProto'],
  },
  TypeProto: {
    tensorType: [1, 'TensorTypeProto'],
    sequenceType: [4, 'bytes'],
    mapType: [5, 'bytes'],
    opaqueType: [7, 'bytes'],
    sparseTensorType: [8, 'TensorTypeProto'],
    optionalType: [9, 'bytes'],
  },
  /** `TypeProto.Tensor` and `TypeProto.SparseTensor`, which have the same fields. */
  TensorTypeProto: {
    elemType: [1, 'int32'],
    shape: [2, 'TensorShapeProto'],
  },
  TensorShapeProto: {
    dim: [1, 'DimensionProto', 'repeated'],
  },
  /** `TensorShapeProto.Dimension`. */
  DimensionProto: {
    dimValue: [1, 'int64'],
    dimParam: [2, 'string'],
  },
} as const;

type Schema = typeof schema;
export type MessageName = keyof Schema;

/** A 64-bit integer of a message: a number when writing, a `Long` of two 32-bit halves when read. */
export type Int64 = number | Long;

interface Scalars {
  int32: number;
  int64: Int64;
  uint64: Int64;
  float: number;
  double: number;
  string: string;
  bytes: Uint8Array;
}

type Unpack<Field, Direction extends 'read' | 'write'> = Field extends readonly [number, infer T, string]
  ? readonly Element<T, Direction>[]
  : Field extends readonly [number, infer T]
    ? T extends MessageName
      ? Element<T, Direction> | null
      : Element<T, Direction>
    : never;
type Element<T, Direction> = T extends keyof Scalars
  ? Scalars[T]
  : T extends MessageName
    ? Direction extends 'read'
      ? ReadMessage<T>
      : WriteMessage<T>
    : never;

/** A decoded message: an absent scalar reads as its zero, an absent repeated field as empty, an absent message as null. */
export type ReadMessage<M extends MessageName> = {
  readonly [F in keyof Schema[M]]: Unpack<Schema[M][F], 'read'>;
};

/** A message to encode: fields that are left out are not written. */
export type WriteMessage<M extends MessageName> = {
  readonly [F in keyof Schema[M]]?: Unpack<Schema[M][F], 'write'>;
};

type FieldRow = readonly [number, string] | readonly [number, string, 'repeated' | 'packed'];

function fieldDescriptor([id, type, repetition]: FieldRow): protobuf.IField {
  return {
    id,
    type,
    ...(repetition && { rule: 'repeated' }),
    ...(repetition === 'packed' && { options: { packed: true } }),
  };
}

function messageDescriptor(fields: Readonly<Record<string, FieldRow>>): protobuf.IType {
  return {
    // ONNX is a proto2 schema: repeated numbers are not packed unless they say so, and presence is explicit.
    edition: 'proto2',
    fields: Object.fromEntries(Object.entries(fields).map(([name, row]) => [name, fieldDescriptor(row)])),
  };
}

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(schema).map(([name, fields]) => [name, messageDescriptor(fields)]),
  ),
});

/**
 * Decodes one message. Fields that the schema does not list are skipped; bytes fields are views of `bytes`.
 *
 * @throws Error when the bytes end early, are not such a message, or nest more than 100 messages deep.
 */
export function decodeMessage<M extends MessageName>(name: M, bytes: Uint8Array): ReadMessage<M> {
  // A plain view: Node's Buffer would make every bytes field a Buffer too.
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return root.lookupType(name).decode(view) as unknown as ReadMessage<M>;
}

/** Encodes one message, its fields in the order of their numbers, so equal messages give equal bytes. */
export function encodeMessage<M extends MessageName>(name: M, message: WriteMessage<M>): Uint8Array {
  const bytes = root.lookupType(name).encode(message).finish();
  // Small results lie in Node's buffer pool, which callers could not transfer to a worker.
  return bytes.length === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : Uint8Array.from(bytes);
}

/** Whether a decoded message carries a field, as opposed to reading as its default. */
export function has<M extends object>(message: M, field: keyof M): boolean {
  return Object.hasOwn(message, field);
}

/** The number of an Int64, or `undefined` where a number does not hold it exactly. */
export function safeInteger(value: Int64): number | undefined {
  const number = typeof value === 'number' ? value : value.toNumber();
  return Number.isSafeInteger(number) ? number : undefined;
}
