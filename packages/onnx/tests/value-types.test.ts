import { expect, test } from 'vitest';
import type { Graph, Value } from '../src/index.js';
import {
  add,
  float32,
  gather,
  GraphBuilder,
  int64,
  loop,
  matMul,
  range,
  reshape,
  size,
  transpose,
  valueTypes,
} from '../src/index.js';

test('inputs, constants and what is computed of them have the types that the builder inferred', () => {
  const builder = new GraphBuilder('types');
  const x = builder.input('x', 'float32', ['batch', 6]);
  const weights = builder.initializer('weights', float32([1, 2, 3, 4, 5, 6], [2, 3]));
  const turned = transpose(builder, reshape(builder, weights, [6, 1]), [1, 0]);
  const sum = add(builder, x, turned);
  const sparse = builder.sparseInitializer({
    name: 'sparse',
    dtype: 'float32',
    shape: [6, 2],
    values: float32([1]),
    indices: int64([3]),
  });
  const product = matMul(builder, sum, sparse);
  builder.output(product);
  expectTypes(builder.build(), [x, weights, turned, sum, product]);
  expect(valueTypes(builder.build())('sparse')).toMatchObject({ dtype: 'float32', shape: [6, 2] });
});

test('values of a loop have types inside and outside, across the edge of its body', () => {
  const builder = new GraphBuilder('loop');
  const weights = builder.input('weights', 'float32', [4, 3]);
  const trips = builder.input('trips', 'int64', []);
  const inner: Value[] = [];
  const { states, scans } = loop(builder, trips, [weights], (body, step, [state = weights]) => {
    const turned = transpose(body, state, [1, 0]);
    const row = gather(body, weights, step);
    inner.push(turned, row);
    return { states: [add(body, state, weights)], scans: [turned] };
  });
  for (const value of [...states, ...scans]) builder.output(value);
  expectTypes(builder.build(), [...inner, ...states, ...scans]);
});

test('what only a run could tell has no type, nor has what depends on it', () => {
  const builder = new GraphBuilder('unknown');
  const x = builder.input('x', 'float32', ['batch']);
  const numbers = range(builder, size(builder, x), 'batch');
  const sums = add(builder, numbers, numbers);
  builder.output(sums);
  const graph = builder.build();
  // As operators of another domain, and names that nothing defines.
  const foreign: Graph = {
    ...graph,
    nodes: graph.nodes.map((node) => (node.op === 'Range' ? { ...node, domain: 'elsewhere' } : node)),
  };
  expect(valueTypes(foreign)(numbers.name)).toBeUndefined();
  expect(valueTypes(foreign)(sums.name)).toBeUndefined();
  expect(valueTypes(foreign)('nothing')).toBeUndefined();
});

function expectTypes(graph: Graph, values: readonly Value[]): void {
  const typeOf = valueTypes(graph);
  for (const { name, dtype, shape } of values) expect(typeOf(name)).toEqual({ name, dtype, shape });
}
