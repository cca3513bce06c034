import type { DType } from '../tensor.js';

/** ONNX `TensorProto.DataType` code of each dtype. */
export const elementTypeOf: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
};

/** The dtypes that a tensor here can have, for messages. */
export const supportedDTypes = Object.keys(elementTypeOf).join(', ');

const dtypes = new Map(Object.entries(elementTypeOf).map(([dtype, code]) => [code, dtype as DType]));

// Every element type of ONNX 1.23 in the order of its code: its name here and its bits (0: not fixed).
const elementTypes: readonly (readonly [name: string, bits: number])[] = [
  ['undefined', 0],
  ['float32', 32],
  ['uint8', 8],
  ['int8', 8],
  ['uint16', 16],
  ['int16', 16],
  ['int32', 32],
  ['int64', 64],
  ['string', 0],
  ['bool', 8],
  ['float16', 16],
  ['float64', 64],
  ['uint32', 32],
  ['uint64', 64],
  ['complex64', 64],
  ['complex128', 128],
  ['bfloat16', 16],
  ['float8e4m3fn', 8],
  ['float8e4m3fnuz', 8],
  ['float8e5m2', 8],
  ['float8e5m2fnuz', 8],
  ['uint4', 4],
  ['int4', 4],
  ['float4e2m1', 4],
  ['float8e8m0', 8],
  ['uint2', 2],
  ['int2', 2],
  ['float6e2m3', 6],
  ['float6e3m2', 6],
];

/** The dtype of an ONNX element type code, where a tensor here can have it. */
export function dtypeOf(code: number): DType | undefined {
  return dtypes.get(code);
}

/** The name of an ONNX element type code, known here or not: `bfloat16`, `element type 99`. */
export function elementTypeName(code: number): string {
  return elementTypes[code]?.[0] ?? `element type ${code}`;
}

/** Bits of one element of an ONNX element type; 0 where that is not fixed or not known. */
export function elementBits(code: number): number {
  return elementTypes[code]?.[1] ?? 0;
}
