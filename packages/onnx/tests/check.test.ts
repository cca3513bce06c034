import { describe, expect, test } from 'vitest';
import { checkModel } from '../src/check.js';
import type { Graph, Model, Node, Value } from '../src/graph.js';
import { decodeModel } from '../src/model.js';
import { float32, int64 } from '../src/tensor.js';
import { fixture, tiny, tinySparse, withGraph } from './model/small-model.js';

const [flatten, layer] = tiny.graph.nodes as [Node, Node];
const [x] = tiny.graph.inputs as [Value];
const [y] = tiny.graph.outputs as [Value];
const [weight] = tiny.graph.initializers as [Graph['initializers'][number]];

/** The only problem of the tiny model with parts of its graph replaced. */
function problemOf(parts: Partial<Graph>, model: Model = tiny): string {
  const problems = checkModel(withGraph(model, parts));
  expect(problems).toHaveLength(1);
  return problems[0] ?? '';
}

describe('a sound model', () => {
  test('has no problems', () => {
    expect(checkModel(tiny)).toEqual([]);
    expect(checkModel(tinySparse)).toEqual([]);
  });

  test.each(['tiny', 'typed-data', 'sparse', 'loop'])(
    '%s.onnx, which the ONNX checker takes, has none',
    (name) => {
      expect(checkModel(decodeModel(fixture(name), name))).toEqual([]);
    },
  );
});

describe('versions and metadata', () => {
  test('the operator set and the IR version are those that graphs here are written in', () => {
    expect(checkModel({ ...tiny, opset: 17 })).toEqual(['the model imports operator set 17, expected 18']);
    expect(checkModel({ ...tiny, irVersion: 8 })).toEqual(['the model has IR version 8, expected 9']);
  });

  test('an entry of the metadata has a key', () => {
    expect(checkModel({ ...tiny, metadata: { '': 'x' } })).toEqual(['an entry of the metadata has no key']);
  });
});

describe('names', () => {
  test('a graph and its values are named', () => {
    expect(problemOf({ name: '' })).toBe("graph '' has no name");
    expect(problemOf({ inputs: [x, { ...x, name: 'a b' }] })).toBe(
      "graph 'tiny': input 'a b' needs a name without spaces",
    );
  });

  test('operators and attributes are identifiers', () => {
    expect(problemOf({ nodes: [{ ...flatten, op: 'Flat ten' }, layer] })).toBe(
      "graph 'tiny': node 'flatten' (Flat ten): the operator's name is not an identifier",
    );
    expect(problemOf({ nodes: [{ ...flatten, attributes: { '': { int: 1 } } }, layer] })).toBe(
      "graph 'tiny': node 'flatten' (Flatten): the name of attribute '' is not an identifier",
    );
  });

  test('a value is assigned once', () => {
    expect(problemOf({ inputs: [x, x] })).toBe(
      "graph 'tiny': input 'x' has the name of another value of the graph",
    );
    expect(problemOf({ initializers: [weight, weight] })).toBe(
      "graph 'tiny': initializer 'weight' has the name of another value of the graph",
    );
    expect(problemOf({ sparseInitializers: tinySparse.graph.sparseInitializers })).toBe(
      "graph 'tiny': sparse initializer 'weight' has the name of another value of the graph",
    );
    expect(problemOf({ nodes: [flatten, layer, { ...layer, name: 'again' }] })).toBe(
      "graph 'tiny': node 'again' (MatMul): output 'y' has the name of another value of the graph",
    );
  });

  test('nodes have different names, or none', () => {
    const spare = { ...layer, outputs: ['z'] };
    expect(problemOf({ nodes: [flatten, layer, spare] })).toBe(
      "graph 'tiny': node 'layer' (MatMul) has the name of another node",
    );
    const unnamed = { ...flatten, name: '' };
    expect(checkModel(withGraph(tiny, { nodes: [unnamed, { ...layer, name: '' }] }))).toEqual([]);
  });

  test('an initializer with the name of an input is its default and fits it', () => {
    const input: Value = { name: 'weight', dtype: 'float32', shape: [4, 1] };
    expect(checkModel(withGraph(tiny, { inputs: [x, input] }))).toEqual([]);
    expect(problemOf({ inputs: [x, { ...input, shape: ['rows', 2] }] })).toBe(
      "graph 'tiny': initializer 'weight' is float32 [4, 1], its input float32 [rows, 2]",
    );
  });
});

describe('the order of nodes', () => {
  test('a value is computed before it is used', () => {
    expect(problemOf({ nodes: [layer, flatten] })).toBe(
      "graph 'tiny': node 'layer' (MatMul) uses 'flat' before it is computed",
    );
  });

  test('a value that is used exists', () => {
    expect(problemOf({ initializers: [] })).toBe(
      "graph 'tiny': node 'layer' (MatMul) uses 'weight', which is not a value of the graph",
    );
  });

  test('an optional input can be left out, an output not all of them', () => {
    const clip: Node = { ...flatten, name: 'clip', op: 'Clip', inputs: ['x', '', ''], outputs: ['clipped'] };
    expect(checkModel(withGraph(tiny, { nodes: [clip, flatten, layer] }))).toEqual([]);
    expect(problemOf({ nodes: [flatten, layer, { ...clip, outputs: [''] }] })).toBe(
      "graph 'tiny': node 'clip' (Clip) has no output",
    );
  });

  test('an output of the graph is one of its values, declared once', () => {
    expect(problemOf({ outputs: [y, { ...y, name: 'z' }] })).toBe(
      "graph 'tiny': output 'z' is not a value of the graph",
    );
    expect(problemOf({ outputs: [y, y] })).toBe("graph 'tiny': output 'y' is declared twice");
    expect(problemOf({ outputs: [] })).toBe("graph 'tiny' has no output");
  });
});

describe('sizes', () => {
  test('a value has sizes of 0 or more', () => {
    expect(problemOf({ inputs: [{ ...x, shape: ['batch', -2, 2] }] })).toBe(
      "graph 'tiny': value 'x' has shape [batch, -2, 2], expected sizes of 0 or more",
    );
    expect(problemOf({ inputs: [{ ...x, shape: [1.5] }] })).toContain('has shape [1.5]');
  });

  test('a tensor has as many elements as its shape says, of its dtype', () => {
    const { tensor } = weight;
    expect(problemOf({ initializers: [{ ...weight, tensor: { ...tensor, shape: [3] } }] })).toBe(
      "graph 'tiny': initializer 'weight' has shape [3], but 4 elements",
    );
    expect(problemOf({ initializers: [{ ...weight, tensor: { ...tensor, shape: [-4, -1] } }] })).toBe(
      "graph 'tiny': initializer 'weight' has shape [-4, -1], expected sizes of 0 or more",
    );
    expect(problemOf({ initializers: [{ ...weight, tensor: { ...tensor, dtype: 'float16' } }] })).toBe(
      "graph 'tiny': initializer 'weight' is float16, but its elements take 4 bytes each",
    );
    const value = { tensor: { ...tensor, shape: [5] } };
    expect(problemOf({ nodes: [{ ...flatten, attributes: { value } }, layer] })).toBe(
      "graph 'tiny': node 'flatten' (Flatten): attribute 'value' has shape [5], but 4 elements",
    );
  });

  test('an integer attribute is an integer', () => {
    expect(problemOf({ nodes: [{ ...flatten, attributes: { axis: { int: 0.5 } } }, layer] })).toBe(
      "graph 'tiny': node 'flatten' (Flatten): attribute 'axis' is 0.5, expected an integer",
    );
    expect(
      problemOf({ nodes: [{ ...flatten, attributes: { axes: { ints: [1, 2 ** 60] } } }, layer] }),
    ).toContain("attribute 'axes' is 1152921504606847000");
  });

  test('the indices of a sparse initializer ascend within its size', () => {
    const [sparse] = tinySparse.graph.sparseInitializers;
    if (!sparse) throw new Error('the model has a sparse initializer');
    expect(problemOf({ sparseInitializers: [{ ...sparse, indices: int64([3, 1]) }] }, tinySparse)).toBe(
      "graph 'tiny': sparse initializer 'weight' has 1 as index 1: indices ascend strictly from 0 and stay below 4",
    );
  });
});

describe('subgraphs', () => {
  const loop = decodeModel(fixture('loop'), 'loop.onnx');
  const [node] = loop.graph.nodes as [Node];
  const body = (node.attributes['body'] as { graph: Graph }).graph;

  function bodyProblem(parts: Partial<Graph>): string {
    return problemOf({ nodes: [{ ...node, attributes: { body: { graph: { ...body, ...parts } } } }] }, loop);
  }

  function nodeProblem(parts: Partial<Node>): string {
    return problemOf({ nodes: [{ ...node, ...parts }] }, loop);
  }

  const here = "graph 'loop': node 'loop' (Loop)";

  test('a body sees values of the graph around it, and none that come later', () => {
    const late: Node = {
      ...flatten,
      name: 'late',
      op: 'Neg',
      inputs: ['start'],
      outputs: ['factor'],
      attributes: {},
    };
    const initializers = loop.graph.initializers.filter(({ name }) => name !== 'factor');
    expect(checkModel(withGraph(loop, { initializers, nodes: [late, node] }))).toEqual([]);
    expect(problemOf({ initializers, nodes: [node, late] }, loop)).toBe(
      `${here}: attribute 'body': graph 'body': node 'double' (Mul) uses 'factor', which is not a value of the graph`,
    );
  });

  test('a body does not give a name a second time', () => {
    const [, keepGoing, state] = body.inputs as [Value, Value, Value];
    const iteration: Value = { name: 'count', dtype: 'int64', shape: [] };
    expect(bodyProblem({ inputs: [iteration, keepGoing, state] })).toBe(
      `${here}: attribute 'body': graph 'body': input 'count' has the name of a value of a graph around it`,
    );
  });

  test('what a body gives is computed in it', () => {
    const [condition, , collected] = body.outputs as [Value, Value, Value];
    expect(
      bodyProblem({ outputs: [condition, { name: 'start', dtype: 'float32', shape: [2] }, collected] }),
    ).toBe(
      `${here}: attribute 'body': graph 'body': output 'start' is a value of a graph around it: pass it through an Identity`,
    );
  });

  test('a body takes the iteration, the condition and each state', () => {
    const extra: Value = { name: 'extra', dtype: 'float32', shape: [2] };
    expect(bodyProblem({ inputs: [...body.inputs, extra] })).toBe(
      `${here} has 1 state, so its body takes 3 inputs, found 4`,
    );
    expect(nodeProblem({ inputs: ['count'] })).toBe(
      `${here} has 1 input, expected a trip count, a condition and states`,
    );
  });

  test('a body gives the condition, each state and each scan', () => {
    expect(bodyProblem({ outputs: body.outputs.slice(0, 2) })).toBe(
      `${here} has 2 outputs, so its body has 3, found 2`,
    );
    expect(bodyProblem({ outputs: body.outputs.slice(0, 1) })).toBe(
      `${here} has 1 state, so its body has at least 2 outputs, found 1`,
    );
  });

  test('the iteration is an int64, the condition a bool', () => {
    const [iteration, keepGoing, state] = body.inputs as [Value, Value, Value];
    expect(bodyProblem({ inputs: [{ ...iteration, dtype: 'int32' }, keepGoing, state] })).toBe(
      `${here}: the body's iteration number 'iteration' is int32, expected int64`,
    );
    expect(bodyProblem({ inputs: [iteration, { ...keepGoing, dtype: 'float32' }, state] })).toBe(
      `${here}: the body's condition 'keep_going' is float32, expected bool`,
    );
  });

  test('a Loop has a body', () => {
    expect(nodeProblem({ attributes: {} })).toBe(`${here} has no body`);
  });

  test('the branches of an If take nothing and give what the If gives', () => {
    const branch = (name: string, output: string): Graph => ({
      name,
      inputs: [],
      outputs: [{ name: output, dtype: 'float32', shape: [1] }],
      initializers: [{ name: output, tensor: float32([1]) }],
      sparseInitializers: [],
      nodes: [],
    });
    const then = branch('then', 'a');
    const choose = (attributes: Node['attributes']): Partial<Graph> => ({
      nodes: [
        flatten,
        layer,
        { ...flatten, name: 'if', op: 'If', inputs: ['flat'], outputs: ['chosen'], attributes },
      ],
    });
    // The branches can use the same names: neither sees the other.
    const both = { then_branch: { graph: then }, else_branch: { graph: branch('else', 'a') } };
    expect(checkModel(withGraph(tiny, choose(both)))).toEqual([]);
    expect(problemOf(choose({ then_branch: both.then_branch }))).toBe(
      "graph 'tiny': node 'if' (If) has no else_branch",
    );
    const two = { ...then, outputs: [...then.outputs, { name: 'b', dtype: 'float32', shape: [1] } as const] };
    const initializers = [...then.initializers, { name: 'b', tensor: float32([1]) }];
    expect(problemOf(choose({ ...both, else_branch: { graph: { ...two, initializers } } }))).toBe(
      "graph 'tiny': node 'if' (If) has 1 output, its else_branch 2",
    );
    const taking = { ...then, inputs: [{ name: 'c', dtype: 'float32', shape: [1] } as const] };
    expect(problemOf(choose({ ...both, then_branch: { graph: taking } }))).toBe(
      "graph 'tiny': node 'if' (If): the then_branch takes no inputs, found 1",
    );
  });
});
