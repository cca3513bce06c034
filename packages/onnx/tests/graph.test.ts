import { expect, test } from 'vitest';
import { add, float32, GraphBuilder, withConstants } from '../src/index.js';

test('inputs of a graph can become constants of it, and the others stay', () => {
  const builder = new GraphBuilder('sum');
  builder.output(add(builder, builder.input('x', 'float32', [2]), builder.input('y', 'float32', [2])), 'z');
  const graph = builder.build();
  const bound = withConstants(graph, { y: float32([1, 2]), other: float32([3]) });
  expect(bound.inputs.map(({ name }) => name)).toEqual(['x']);
  expect(bound.initializers).toEqual([...graph.initializers, { name: 'y', tensor: float32([1, 2]) }]);
  expect(bound.nodes).toBe(graph.nodes);
});
