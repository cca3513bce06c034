import type { SparseInitializer } from '../graph.js';
import type { ReadMessage, WriteMessage } from '../schema.js';
import type { Tensor } from '../tensor.js';
import { isDType, zeros } from '../tensor.js';
import { elementCount, readSizes } from './sizes.js';
import { tensorFromProto, tensorToProto } from './tensor-proto.js';

/**
 * What is wrong with a sparse initializer by the rules of ONNX `SparseTensorProto`, as the end of a sentence about
 * it; `undefined` when nothing is.
 */
export function sparseProblem(sparse: SparseInitializer): string | undefined {
  const { shape, values, indices, dtype } = sparse;
  const count = values.data.length;
  const size = elementCount(shape);
  if (size === undefined) return `has shape [${shape.join(', ')}], more elements than can be counted`;
  if (values.dtype !== dtype) return `is ${dtype}, but its values are ${values.dtype}`;
  if (values.shape.length !== 1) return `has values of shape [${values.shape.join(', ')}], expected one axis`;
  if (indices.shape.length !== 1) {
    return `has indices of shape [${indices.shape.join(', ')}], expected one axis`;
  }
  if (indices.data.length !== count) return `has ${count} values, but ${indices.data.length} indices`;
  const misplaced = firstMisplaced(indices.data, BigInt(size));
  return misplaced === undefined
    ? undefined
    : `has ${indices.data[misplaced]} as index ${misplaced}: indices ascend strictly from 0 and stay below ${size}`;
}

function firstMisplaced(indices: BigInt64Array, size: bigint): number | undefined {
  let previous = -1n;
  let position = 0;
  for (const index of indices) {
    if (index <= previous || index >= size) return position;
    previous = index;
    position += 1;
  }
  return undefined;
}

/** A sparse initializer as its message; the values carry its name, as ONNX has it. */
export function sparseToProto(sparse: SparseInitializer): WriteMessage<'SparseTensorProto'> {
  return {
    values: tensorToProto(sparse.values, sparse.name),
    indices: tensorToProto(sparse.indices),
    dims: sparse.shape,
  };
}

/**
 * A sparse initializer from its message; indices with one column per axis become linear ones.
 *
 * @throws Error when its parts do not fit together or an index is out of order or range.
 */
export function sparseFromProto(proto: ReadMessage<'SparseTensorProto'>, where: string): SparseInitializer {
  if (!proto.values) throw new Error(`${where}: a sparse initializer has no values`);
  const name = proto.values.name;
  const here = `${where}: sparse initializer '${name}'`;
  if (!proto.indices) throw new Error(`${here} has no indices`);
  const shape = readSizes(proto.dims, here);
  const values = tensorFromProto(proto.values, `${here}, values`);
  const indices = tensorFromProto(proto.indices, `${here}, indices`);
  if (!isDType(indices, 'int64')) throw new Error(`${here} has ${indices.dtype} indices, expected int64`);
  const sparse = { name, dtype: values.dtype, shape, values, indices: linearIndices(indices, shape, here) };
  const problem = sparseProblem(sparse);
  if (problem !== undefined) throw new Error(`${here} ${problem}`);
  return sparse;
}

function linearIndices(indices: Tensor<'int64'>, shape: readonly number[], where: string): Tensor<'int64'> {
  const [count, rank] = indices.shape;
  if (indices.shape.length !== 2 || count === undefined) return indices;
  if (rank !== shape.length) {
    throw new Error(`${where} has ${rank} indices per value, expected ${shape.length}`);
  }
  const linear = zeros('int64', [count]);
  for (let row = 0; row < count; row += 1) {
    let position = 0n;
    for (const [axis, size] of shape.entries()) {
      const index = indices.data[row * rank + axis] ?? 0n;
      if (index < 0n || index >= BigInt(size)) {
        throw new Error(`${where}: value ${row} has index ${index} on axis ${axis}, whose size is ${size}`);
      }
      position = position * BigInt(size) + index;
    }
    linear.data[row] = position;
  }
  return linear;
}
