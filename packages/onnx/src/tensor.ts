/**
 * Tensors as plain data: a dtype, a shape and a row-major typed array.
 *
 * `bool` is stored as one byte per element (0 or 1), `float16` as its raw 16-bit pattern, as ONNX does.
 */
export type DType = 'float32' | 'float64' | 'float16' | 'int64' | 'int32' | 'int8' | 'uint8' | 'bool';

/** The typed array that holds the elements of each dtype. */
export interface ArrayOf {
  float32: Float32Array;
  float64: Float64Array;
  float16: Uint16Array;
  int64: BigInt64Array;
  int32: Int32Array;
  int8: Int8Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

/** A dense tensor, row-major. `data.length` is the product of `shape` (1 for a scalar, shape `[]`). */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: ArrayOf[D];
}

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Bytes of one element of each dtype. */
export const bytesPerElement: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  int64: 8,
  int32: 4,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** The typed array's constructor of each dtype: for a length, or over a part of a buffer (offset in bytes). */
export const arrayTypes: {
  readonly [D in DType]: {
    new (length: number): ArrayOf[D];
    new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayOf[D];
  };
} = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** Number of elements of a shape: the product of its sizes, 1 for `[]`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A tensor of zeros. */
export function zeros<D extends DType>(dtype: D, shape: readonly number[]): Tensor<D> {
  return { dtype, shape, data: new arrayTypes[dtype](sizeOf(shape)) };
}

/**
 * A tensor over existing data (not copied).
 *
 * @throws RangeError when the array's length is not the product of the shape.
 */
export function tensor<D extends DType>(dtype: D, shape: readonly number[], data: ArrayOf[D]): Tensor<D> {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(
      `a tensor of shape [${shape.join(', ')}] holds ${sizeOf(shape)} elements, found ${data.length}`,
    );
  }
  return { dtype, shape, data };
}

/** A float32 tensor from numbers; shape `[values.length]` unless given. */
export function float32(
  values: readonly number[],
  shape: readonly number[] = [values.length],
): Tensor<'float32'> {
  return tensor('float32', shape, Float32Array.from(values));
}

/** An int64 tensor from integers; shape `[values.length]` unless given. */
export function int64(
  values: readonly number[],
  shape: readonly number[] = [values.length],
): Tensor<'int64'> {
  return tensor('int64', shape, BigInt64Array.from(values.map(BigInt)));
}

/** The value of a one-element tensor as a number. @throws RangeError when it has another number of elements. */
export function scalarValue(t: Tensor): number {
  if (t.data.length !== 1) throw new RangeError(`expected one element, found shape [${t.shape.join(', ')}]`);
  return Number(t.data[0]);
}

/** Bytes that a tensor's elements occupy. */
export function byteLength(t: Tensor): number {
  return t.data.byteLength;
}

/** Whether a tensor has a given dtype, as a type guard. */
export function isDType<D extends DType>(t: Tensor, dtype: D): t is Tensor<D> {
  return t.dtype === dtype;
}

/** The elements of a tensor as numbers (int64 ones must be safe integers to come out exactly). */
export function numbersOf(t: Tensor): number[] {
  return isDType(t, 'int64') ? Array.from(t.data, Number) : Array.from(t.data as ArrayLike<number>);
}
