import type { DType, Tensor } from '@winning-tickets/onnx';
import { arrayTypes } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import type { Held } from './held.js';
import { onDevice } from './held.js';

type DeviceDType = 'float32' | 'int32' | 'bool';

const deviceDTypes: Readonly<Partial<Record<DType, DeviceDType>>> = {
  float32: 'float32',
  int64: 'int32',
  int32: 'int32',
  int8: 'int32',
  uint8: 'int32',
  bool: 'bool',
};

/** The dtype that stands for one of ONNX on a device of TensorFlow.js. @throws Error when there is none. */
export function deviceDType(dtype: DType): DeviceDType {
  const known = deviceDTypes[dtype];
  if (known) return known;
  throw new Error(
    `${dtype} is no dtype of TensorFlow.js, which has float32 and int32: use the engine 'onnx' for it`,
  );
}

/** A tensor of ours as it is held while a graph is walked: int64 stays where it is, all else goes to the device. */
export function held(value: Tensor): Held {
  if (value.dtype === 'int64') return value as Tensor<'int64'>;
  const dtype = deviceDType(value.dtype);
  const { data } = value;
  // Bytes and narrow integers are widened; floats and int32 are handed over as they are.
  const wide = dtype === 'int32' && !(data instanceof Int32Array) ? new Int32Array(data as Uint8Array) : data;
  return tf.tensor(wide as Float32Array | Int32Array | Uint8Array, [...value.shape], dtype);
}

/** What is held as a tensor of ours, with the dtype that its graph says. */
export function fetched(value: Held, dtype: DType): Tensor {
  if ('data' in value && !(value instanceof tf.Tensor)) return value;
  const tensor = onDevice(value);
  const from = tensor.dataSync();
  const { shape } = tensor;
  if (dtype === 'int64') return { dtype, shape, data: BigInt64Array.from(from, (number) => BigInt(number)) };
  if (
    (dtype === 'float32' && from instanceof Float32Array) ||
    (dtype === 'int32' && from instanceof Int32Array)
  ) {
    return { dtype, shape, data: from };
  }
  const data = new arrayTypes[dtype](from.length);
  from.forEach((number, index) => {
    data[index] = number;
  });
  return { dtype, shape, data };
}
