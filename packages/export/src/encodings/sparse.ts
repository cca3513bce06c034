import type { SparseInitializer, Tensor } from '@winning-tickets/onnx';
import { tensor } from '@winning-tickets/onnx';
import type { Mask } from '@winning-tickets/ticket';
import { survivors } from '@winning-tickets/ticket';
import type { Encoding } from './encoding.js';
import { wholeNetwork } from './whole-network.js';

/**
 * Every masked weight as a sparse initializer, whatever its density; the other parameters in full.
 *
 * An entry takes 12 bytes (float32 value, int64 index) instead of 4, so a tensor gets smaller from 66.7 % sparsity
 * on, and larger below. This gains file size alone: runtimes write the zeros out when they load the model.
 */
export const sparse: Encoding = {
  name: 'sparse',
  summary: 'surviving weights with their positions; a smaller file from 66.7 % sparsity on, the same speed',
  options: {},
  tolerance: 0,
  build: (ticket) =>
    wholeNetwork(ticket, (builder, name, values, mask) =>
      mask ? builder.sparseInitializer(sparseTensor(name, values, mask)) : builder.initializer(name, values),
    ),
};

// What the mask keeps, also where training left a weight at exactly 0: the entries are the survivors, one for one,
// and written out they are bit for bit the dense tensor. None at all is a valid sparse tensor of zeros.
function sparseTensor(name: string, values: Tensor<'float32'>, mask: Mask): SparseInitializer {
  const count = survivors(mask);
  const indices = new BigInt64Array(count);
  const kept = new Float32Array(count);
  let position = 0;
  mask.data.forEach((bit, index) => {
    if (bit === 0) return;
    indices[position] = BigInt(index);
    kept[position] = values.data[index] ?? 0;
    position += 1;
  });
  return {
    name,
    dtype: 'float32',
    shape: values.shape,
    values: tensor('float32', [count], kept),
    indices: tensor('int64', [count], indices),
  };
}
