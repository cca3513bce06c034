/** ONNX `AttributeProto.AttributeType` code of each kind of attribute that a node here can have. */
export const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;

const otherTypes: Readonly<Record<number, string>> = {
  0: 'undefined',
  9: 'tensors',
  10: 'graphs',
  11: 'sparse_tensor',
  12: 'sparse_tensors',
  13: 'type_proto',
  14: 'type_protos',
};

/** The kind of an attribute of a type that is not supported here, for messages. */
export function otherAttributeType(code: number): string {
  return otherTypes[code] ?? `type ${code}`;
}
