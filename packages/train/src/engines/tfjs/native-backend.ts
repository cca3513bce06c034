import * as tf from '@tensorflow/tfjs-core';

/** What is used here of the backend that `@tensorflow/tfjs-node` registers. */
export interface NativeBackend {
  readonly binding: Readonly<
    Record<
      'TF_FLOAT' | 'TF_INT32' | 'TF_ATTR_TYPE' | 'TF_ATTR_STRING' | 'TF_ATTR_SHAPE' | 'TF_ATTR_BOOL',
      number
    >
  >;
  executeSingleOutput(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.Tensor[],
  ): tf.Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/** An attribute of an operator of TensorFlow's, with the number of its type. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | string | boolean | readonly number[];
}

/** The backend that computes now, where it is bound to TensorFlow. */
export function nativeBackend(): NativeBackend | undefined {
  const backend: unknown = tf.backend();
  return tf.getBackend() === 'tensorflow' ? (backend as NativeBackend) : undefined;
}

/** An operator's attribute of that name: it takes float32. */
export function floatType({ binding }: NativeBackend, name: string): OpAttribute {
  return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}
