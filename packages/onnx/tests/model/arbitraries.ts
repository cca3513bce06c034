import fc from 'fast-check';
import type { Attribute, Dimension, Graph, Model, Node, SparseInitializer, Value } from '../../src/graph.js';
import type { DType, Tensor } from '../../src/tensor.js';
import { bytesPerElement, int64, sizeOf, zeros } from '../../src/tensor.js';

// Models with every field that a file keeps; their graphs compute nothing sensible.

const names = fc.string({ unit: 'grapheme', maxLength: 6 });
const dtypes = fc.constantFrom(...(Object.keys(bytesPerElement) as DType[]));
const sizes = fc.array(fc.nat(3), { maxLength: 3 });

/** A tensor of any dtype with any bit patterns, NaNs and infinities among them. */
const tensors: fc.Arbitrary<Tensor> = fc.tuple(dtypes, sizes).chain(([dtype, shape]) => {
  const length = sizeOf(shape) * bytesPerElement[dtype];
  return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => {
    const tensor = zeros(dtype, shape);
    new Uint8Array(tensor.data.buffer).set(bytes);
    return tensor;
  });
});

const dimensions: fc.Arbitrary<Dimension> = fc.oneof(
  fc.nat(Number.MAX_SAFE_INTEGER),
  fc.constant('?'),
  fc.string({ minLength: 1, maxLength: 4 }),
);
const values: fc.Arbitrary<Value> = fc.record({
  name: names,
  dtype: dtypes,
  shape: fc.array(dimensions, { maxLength: 4 }),
});

const sparseInitializers: fc.Arbitrary<SparseInitializer> = fc
  .tuple(names, tensors, fc.nat(5))
  .map(([name, { dtype, data }, gap]) => {
    const count = data.length;
    const indices = int64(Array.from({ length: count }, (_, index) => index * (gap + 1)));
    const flat = { dtype, shape: [count], data } as Tensor;
    return { name, dtype, shape: [count, gap + 1], values: flat, indices };
  });

const integers = fc.maxSafeInteger();
const floats = fc.float();
const { graph } = fc.letrec<{ graph: Graph; node: Node; attribute: Attribute }>((tie) => ({
  graph: fc.record({
    name: names,
    inputs: fc.array(values, { maxLength: 2 }),
    outputs: fc.array(values, { maxLength: 2 }),
    initializers: fc.array(fc.record({ name: names, tensor: tensors }), { maxLength: 2 }),
    sparseInitializers: fc.array(sparseInitializers, { maxLength: 2 }),
    nodes: fc.array(tie('node'), { maxLength: 3 }),
  }),
  node: fc.record({
    name: names,
    op: names,
    domain: fc.constantFrom('', 'com.microsoft'),
    inputs: fc.array(names, { maxLength: 3 }),
    outputs: fc.array(names, { maxLength: 3 }),
    attributes: fc.dictionary(names, tie('attribute'), { maxKeys: 3 }),
  }),
  attribute: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    integers.map((int) => ({ int })),
    floats.map((float) => ({ float })),
    names.map((string) => ({ string })),
    fc.array(integers, { maxLength: 3 }).map((ints) => ({ ints })),
    fc.array(floats, { maxLength: 3 }).map((list) => ({ floats: list })),
    fc.array(names, { maxLength: 3 }).map((strings) => ({ strings })),
    tensors.map((tensor) => ({ tensor })),
    tie('graph').map((inner) => ({ graph: inner })),
  ),
}));

export const models: fc.Arbitrary<Model> = fc.record({
  graph,
  metadata: fc.dictionary(names, names, { maxKeys: 3 }),
  producer: fc.record({ name: names, version: names }),
  opset: fc.integer({ min: 1, max: 30 }),
  irVersion: fc.integer({ min: 1, max: 30 }),
});
