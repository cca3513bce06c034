import { describe, expect, test } from 'vitest';
import { add, float32, GraphBuilder, int64, mul, neg, relu, tensor } from '../src/index.js';
import { valuesOf } from './operators/support.js';

describe('names', () => {
  test('an operator call gets names that nothing else has', () => {
    const builder = new GraphBuilder('test');
    const x = builder.input('Add_1', 'float32', [2]);
    const names = [add(builder, x, x), add(builder, x, x)].map((value) => value.name);
    expect(new Set(['Add_1', ...names]).size).toBe(3);
  });

  test('a name is taken once, also in a subgraph', () => {
    const builder = new GraphBuilder('test');
    builder.input('x', 'float32', [2]);
    expect(() => builder.input('x', 'float32', [2])).toThrow("graph 'test': the name 'x' is taken");
    expect(() => builder.subgraph('body').input('x', 'float32', [2])).toThrow(
      "graph 'body': the name 'x' is taken",
    );
    expect(() => builder.input('', 'float32', [2])).toThrow("graph 'test': a value needs a name");
    expect(builder.freshName('x')).not.toBe('x');
  });

  test('an output under a name of its own keeps the value', async () => {
    const builder = new GraphBuilder('test');
    const x = builder.input('x', 'float32', [2]);
    const output = builder.output(relu(builder, x), 'logits');
    expect(output).toEqual({ name: 'logits', dtype: 'float32', shape: [2] });
    expect(builder.build().outputs).toEqual([output]);
    expect(builder.output(output, 'logits')).toBe(output);
    expect(await valuesOf((b, v) => neg(b, v), float32([1, -2]))).toEqual([-1, 2]);
  });
});

describe('constants', () => {
  test('one-element constants of the same dtype, shape and bits are shared', () => {
    const builder = new GraphBuilder('test');
    expect(builder.constant(2)).toBe(builder.constant(float32([2], [])));
    expect(builder.constant(2)).not.toBe(builder.constant(float32([2])));
    expect(builder.constant(2)).not.toBe(builder.constant(tensor('float64', [], Float64Array.of(2))));
    expect(builder.constant(0)).not.toBe(builder.constant(-0));
    expect(builder.constant(NaN)).toBe(builder.constant(NaN));
    expect(builder.build().initializers).toHaveLength(6);
  });

  test('the contents of a constant are known, in subgraphs too', () => {
    const builder = new GraphBuilder('test');
    const weights = float32([1, 2, 3]);
    const value = builder.initializer('weights', weights);
    expect(builder.subgraph('body').constantOf(value)).toBe(weights);
    expect(builder.constantOf(builder.input('x', 'float32', [3]))).toBeUndefined();
  });

  test('a sparse constant is a dense value to the graph', () => {
    const builder = new GraphBuilder('test');
    const sparse = {
      name: 'w',
      dtype: 'float32',
      shape: [2, 3],
      values: float32([5]),
      indices: int64([4]),
    } as const;
    expect(builder.sparseInitializer(sparse)).toEqual({ name: 'w', dtype: 'float32', shape: [2, 3] });
    expect(builder.build().sparseInitializers).toEqual([sparse]);
  });
});

test('a subgraph sees the values around it; the graph around does not see those of a subgraph', () => {
  const builder = new GraphBuilder('test');
  const x = builder.input('x', 'float32', [2]);
  const body = builder.subgraph('body');
  const inner = relu(body, x);
  expect(body.valueNamed(inner.name)).toBe(inner);
  expect(() => relu(builder, inner)).toThrow(`Relu: input '${inner.name}' is not a value of graph 'test'`);
});

test('a value of another graph is refused, even under a name that exists here', () => {
  const other = new GraphBuilder('other').input('x', 'float32', [2]);
  const builder = new GraphBuilder('test');
  const x = builder.input('x', 'float32', [2]);
  expect(() => mul(builder, x, other)).toThrow("Mul: input 'x' is not a value of graph 'test'");
});

test('an operator that is not known is refused by name', () => {
  expect(() => new GraphBuilder('test').add('Frobnicate', [])).toThrow(
    "operator 'Frobnicate' is not known here: add a file for it in operators/",
  );
});

test('an input that an operator needs must be there', () => {
  const builder = new GraphBuilder('test');
  expect(() => builder.add('Relu', [])).toThrow('Relu: input 0 is missing');
  expect(() => builder.add('Add', [builder.constant(1), undefined])).toThrow('Add: input 1 is missing');
});

test('what was built does not change when the builder goes on', () => {
  const builder = new GraphBuilder('test');
  const x = builder.input('x', 'float32', [2]);
  const before = builder.build();
  builder.output(relu(builder, x));
  expect(before.nodes).toEqual([]);
  expect(before.outputs).toEqual([]);
  expect(builder.build().nodes).toHaveLength(1);
});
