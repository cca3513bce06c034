import type { Int64, ReadMessage, WriteMessage } from '../schema.js';
import { has } from '../schema.js';
import type { DType, Tensor } from '../tensor.js';
import { bytesPerElement, zeros } from '../tensor.js';
import { dtypeOf, elementTypeName, elementTypeOf, supportedDTypes } from './element-type.js';
import { elementCount, readSizes } from './sizes.js';

const EXTERNAL = 1;

/**
 * A tensor as its message, the elements as raw bytes (a view, not a copy).
 *
 * ONNX stores raw bytes little-endian, which is how every machine that ONNX Runtime for Node runs on holds them.
 */
export function tensorToProto(tensor: Tensor, name?: string): WriteMessage<'TensorProto'> {
  const { dtype, shape, data } = tensor;
  return {
    dims: shape,
    dataType: elementTypeOf[dtype],
    ...(name !== undefined && { name }),
    rawData: bytesOf(data),
  };
}

/**
 * A tensor from its message; the elements are copied, so that they do not keep the file's bytes alive.
 *
 * @param where what the tensor is, for messages: `x.onnx: initializer 'fc1.weight'`.
 * @throws Error when the dtype is not one of ours, the data is outside the file, or the elements present are not
 *   as many as the shape says.
 */
export function tensorFromProto(proto: ReadMessage<'TensorProto'>, where: string): Tensor {
  const dtype = dtypeOf(proto.dataType);
  if (dtype === undefined) {
    throw new Error(
      `${where} has dtype ${elementTypeName(proto.dataType)}, expected one of ${supportedDTypes}`,
    );
  }
  if (proto.dataLocation === EXTERNAL || proto.externalData.length > 0) {
    throw new Error(
      `${where} keeps its data in another file, which is not supported: save the model with its data inside`,
    );
  }
  if (has(proto, 'segment')) throw new Error(`${where} is stored in segments, which is not supported`);
  const shape = readSizes(proto.dims, where);
  const count = elementCount(shape) ?? 0;
  return has(proto, 'rawData')
    ? fromRawData(dtype, shape, count, proto, where)
    : fromTypedData(dtype, shape, count, proto, where);
}

function fromRawData(
  dtype: DType,
  shape: readonly number[],
  count: number,
  proto: ReadMessage<'TensorProto'>,
  where: string,
): Tensor {
  const expected = count * bytesPerElement[dtype];
  if (proto.rawData.length !== expected) {
    throw new Error(
      `${where}: ${dtype} of shape [${shape.join(', ')}] takes ${expected} bytes, found ${proto.rawData.length}`,
    );
  }
  const tensor = zeros(dtype, shape);
  bytesOf(tensor.data).set(proto.rawData);
  return tensor;
}

function fromTypedData(
  dtype: DType,
  shape: readonly number[],
  count: number,
  proto: ReadMessage<'TensorProto'>,
  where: string,
): Tensor {
  const field = typedField[dtype];
  if (proto[field].length !== count) {
    throw new Error(
      `${where}: ${dtype} of shape [${shape.join(', ')}] has ${count} elements, found ${proto[field].length}`,
    );
  }
  const tensor = zeros(dtype, shape);
  if (tensor.data instanceof BigInt64Array) copyInt64(proto.int64Data, tensor.data);
  else copyNumbers(field === 'int64Data' ? [] : proto[field], tensor.data, where);
  return tensor;
}

// Where each dtype keeps its elements when they are not raw bytes; float16 there is its bit pattern.
const typedField = {
  float32: 'floatData',
  float64: 'doubleData',
  float16: 'int32Data',
  int64: 'int64Data',
  int32: 'int32Data',
  int8: 'int32Data',
  uint8: 'int32Data',
  bool: 'int32Data',
} as const satisfies Record<DType, string>;

function copyNumbers(
  from: readonly number[],
  to: Exclude<Tensor['data'], BigInt64Array>,
  where: string,
): void {
  to.set(from);
  if (to instanceof Float32Array || to instanceof Float64Array) return;
  // Typed arrays wrap what they cannot hold.
  const wrapped = from.findIndex((value, index) => to[index] !== value);
  if (wrapped >= 0) {
    throw new Error(`${where}: element ${wrapped} is ${from[wrapped]}, which its dtype cannot hold`);
  }
}

function copyInt64(from: readonly Int64[], to: BigInt64Array): void {
  const halves = new Int32Array(to.buffer, to.byteOffset, 2 * to.length);
  from.forEach((value, index) => {
    if (typeof value === 'number') to[index] = BigInt(value);
    else halves.set([value.low, value.high], 2 * index);
  });
}

function bytesOf(data: Tensor['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
