import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import type { Dimension, DType, Graph, Tensor, Value } from '../src/index.js';
import * as onnx from '../src/index.js';
import { float32, GraphBuilder, operatorNamed, stackGraph, tensor } from '../src/index.js';
import { bool } from './operators/support.js';

const MEMBERS = 3;

/** Operators to stack: how to call each, and its inputs for one member. Integers are indices. */
const cases: Record<string, [(builder: GraphBuilder, ...inputs: Value[]) => Value | Value[], ...Tensor[]][]> =
  {
    Abs: [[onnx.abs, numbers([2, 3])]],
    Add: [
      [onnx.add, numbers([2, 3]), numbers([3])],
      [onnx.add, numbers([]), numbers([4, 2])],
    ],
    And: [[onnx.and, bool([true, false]), bool([true, true])]],
    ArgMax: [
      [(builder, x) => onnx.argMax(builder, x, 0), numbers([3, 2])],
      [(builder, x) => onnx.argMax(builder, x, -1), numbers([3, 2])],
    ],
    AveragePool: [[(builder, x) => onnx.averagePool(builder, x, [2, 2]), numbers([2, 3, 4, 4])]],
    Cast: [[(builder, x) => onnx.cast(builder, x, 'int32'), numbers([4])]],
    Concat: [[(builder, a, b) => onnx.concat(builder, [a, b], -1), numbers([2, 3]), numbers([2, 1])]],
    Conv: [
      [
        (builder, x, weights, bias) =>
          onnx.conv(builder, x, weights, bias, { pads: [1, 1, 1, 1], strides: [2, 1] }),
        numbers([2, 3, 5, 4]),
        numbers([4, 3, 3, 3]),
        numbers([4]),
      ],
      [
        (builder, x, weights) => onnx.conv(builder, x, weights, undefined, { group: 2 }),
        numbers([2, 4, 5]),
        numbers([6, 2, 3]),
      ],
    ],
    ConvTranspose: [
      [
        (builder, x, weights) => onnx.convTranspose(builder, x, weights, undefined, { strides: [2, 2] }),
        numbers([2, 3, 2, 2]),
        numbers([3, 2, 3, 3]),
      ],
    ],
    Div: [[onnx.div, numbers([2, 3]), numbers([2, 1])]],
    Equal: [[onnx.equal, numbers([2, 2]), numbers([2, 2])]],
    Erf: [[onnx.erf, numbers([3])]],
    Exp: [[onnx.exp, numbers([3])]],
    Expand: [
      [(builder, x) => onnx.expand(builder, x, builder.constant(onnx.int64([4, 2, 3])), []), numbers([2, 1])],
    ],
    Flatten: [
      [(builder, x) => onnx.flatten(builder, x), numbers([2, 3, 2])],
      [(builder, x) => onnx.flatten(builder, x, 0), numbers([2, 3])],
    ],
    Gather: [
      [(builder, data, places) => onnx.gather(builder, data, places), numbers([5, 2]), indices([4, 0, 2])],
      [(builder, x) => onnx.gather(builder, x, builder.constant(onnx.int64([1, 0])), 1), numbers([2, 3])],
    ],
    GatherElements: [
      [
        (builder, data, places) => onnx.gatherElements(builder, data, places),
        numbers([5]),
        indices([4, 0, 2]),
      ],
    ],
    Gemm: [
      [(builder, a, b, c) => onnx.gemm(builder, a, b, c), numbers([2, 3]), numbers([3, 4]), numbers([4])],
      [
        (builder, a, b, c) =>
          onnx.gemm(builder, a, b, c, { alpha: 0.5, beta: 2, transA: true, transB: true }),
        numbers([3, 2]),
        numbers([4, 3]),
        numbers([2, 4]),
      ],
    ],
    GlobalAveragePool: [[onnx.globalAveragePool, numbers([2, 3, 4])]],
    GlobalMaxPool: [[onnx.globalMaxPool, numbers([2, 3, 4])]],
    Greater: [[onnx.greater, numbers([3]), numbers([1])]],
    GreaterOrEqual: [[onnx.greaterOrEqual, numbers([3]), numbers([1])]],
    Identity: [[onnx.identity, numbers([3])]],
    Less: [[onnx.less, numbers([3]), numbers([1])]],
    LessOrEqual: [[onnx.lessOrEqual, numbers([3]), numbers([1])]],
    Log: [[(builder, x) => onnx.log(builder, onnx.exp(builder, x)), numbers([3])]],
    LogSoftmax: [[(builder, x) => onnx.logSoftmax(builder, x), numbers([2, 3])]],
    MatMul: [
      [onnx.matMul, numbers([2, 3]), numbers([3, 2])],
      [onnx.matMul, numbers([4, 2, 3]), numbers([3, 2])],
    ],
    Max: [[(builder, a, b) => onnx.max(builder, a, b), numbers([2, 3]), numbers([3])]],
    MaxPool: [[(builder, x) => onnx.maxPool(builder, x, [2]), numbers([2, 3, 4])]],
    Min: [[(builder, a, b) => onnx.min(builder, a, b), numbers([2, 3]), numbers([3])]],
    Mod: [[onnx.mod, indices([5, 7]), indices([3])]],
    Mul: [[onnx.mul, numbers([2, 3]), numbers([2, 3])]],
    Neg: [[onnx.neg, numbers([3])]],
    Not: [[onnx.not, bool([true, false])]],
    Or: [[onnx.or, bool([true, false]), bool([false])]],
    Pad: [[(builder, x) => onnx.pad(builder, x, [1, 0], [0, 2], 5), numbers([2, 3])]],
    Pow: [[(builder, a, b) => onnx.pow(builder, onnx.abs(builder, a), b), numbers([3]), numbers([])]],
    ReduceMax: [[(builder, x) => onnx.reduceMax(builder, x, [-1], true), numbers([2, 3])]],
    ReduceMean: [[(builder, x) => onnx.reduceMean(builder, x), numbers([2, 3])]],
    ReduceMin: [[(builder, x) => onnx.reduceMin(builder, x, [0]), numbers([2, 3])]],
    ReduceSum: [
      [(builder, x) => onnx.reduceSum(builder, x), numbers([])],
      [(builder, x) => onnx.reduceSum(builder, x, [0, 2]), numbers([2, 3, 2])],
    ],
    Relu: [[onnx.relu, numbers([4])]],
    Reshape: [
      [(builder, x) => onnx.reshape(builder, x, [0, -1]), numbers([2, 3, 2])],
      [(builder, x) => onnx.reshape(builder, x, [3, 4]), numbers([2, 3, 2])],
    ],
    ScatterElements: [
      [
        (builder, data, places, updates) => onnx.scatterElements(builder, data, places, updates, 0, 'add'),
        numbers([5]),
        indices([4, 0, 4]),
        numbers([3]),
      ],
    ],
    Sigmoid: [[onnx.sigmoid, numbers([4])]],
    Sign: [[onnx.sign, numbers([4])]],
    Slice: [
      [(builder, x) => onnx.slice(builder, x, [-1, 0], [-4, 2], [0, 1], [-1, 1]), numbers([3, 4])],
      [(builder, x) => onnx.slice(builder, x, [1], [3]), numbers([3, 4])],
    ],
    Softmax: [[(builder, x) => onnx.softmax(builder, x, 0), numbers([2, 3])]],
    Split: [[(builder, x) => onnx.split(builder, x, [1, 2], 1), numbers([2, 3])]],
    Sqrt: [[(builder, x) => onnx.sqrt(builder, onnx.abs(builder, x)), numbers([3])]],
    Sub: [[onnx.sub, numbers([3]), numbers([2, 3])]],
    Tanh: [[onnx.tanh, numbers([3])]],
    Transpose: [
      [(builder, x) => onnx.transpose(builder, x), numbers([2, 3, 4])],
      [(builder, x) => onnx.transpose(builder, x, [1, 0, 2]), numbers([2, 3, 4])],
    ],
    Where: [[onnx.where, bool([true, false, true]), numbers([2, 3]), numbers([])]],
  };

test('every operator that stacks has a case here, and the other way round', () => {
  const stacking = onnx.operatorNames().filter((op) => operatorNamed(op).stack);
  expect(Object.keys(cases).sort()).toEqual(stacking);
});

describe.each(Object.entries(cases))('%s', (_, calls) => {
  test.each(calls)('stacked, it gives every member what it gives it alone', async (build, ...inputs) => {
    const graph = graphOf(build, inputs);
    // Whichever of the inputs differ between the members.
    for (let choice = 1; choice < 2 ** inputs.length; choice++) {
      await expectMembers(graph, inputs, (index) => (choice & (1 << index)) !== 0);
    }
  });
});

describe('a loop', () => {
  const build = (builder: GraphBuilder, start: Value, factor: Value) => {
    const trips = builder.constant(onnx.int64([3], []));
    const { states, scans } = onnx.loop(builder, trips, [start], (body, iteration, [state]) => {
      const next = onnx.mul(body, state ?? start, factor);
      const counted = onnx.add(body, next, onnx.cast(body, iteration, 'float32'));
      return { states: [counted], scans: [next, onnx.reduceSum(body, counted)] };
    });
    return [...states, ...scans];
  };

  test.each([
    ['its first state', [0]],
    ['a value from around it', [1]],
    ['both', [0, 1]],
  ] as const)('stacks when %s differs', async (_, differing) => {
    const inputs = [numbers([2, 2]), numbers([2])];
    await expectMembers(graphOf(build, inputs), inputs, (index) =>
      differing.some((other) => other === index),
    );
  });
});

test('gradients stack, second derivatives too', async () => {
  const inputs = [numbers([4, 3]), numbers([3, 2])];
  const graph = graphOf((builder, x, w) => {
    const loss = onnx.reduceMean(
      builder,
      onnx.logSoftmax(builder, onnx.tanh(builder, onnx.matMul(builder, x, w))),
      [0],
    );
    const [slope = loss] = onnx.gradients(builder, loss, [w]);
    return [slope, ...onnx.gradients(builder, onnx.mul(builder, slope, slope), [w, x])];
  }, inputs);
  await expectMembers(graph, inputs, (index) => index === 1);
});

test('what does not differ is computed once, and given to every member', async () => {
  const inputs = [numbers([2]), numbers([2])];
  const graph = graphOf((builder, a, b) => [onnx.exp(builder, a), onnx.neg(builder, b)], inputs);
  await expectMembers(graph, inputs, (index) => index === 1);
  const stacked = stackGraph(graph, MEMBERS, (name) => name === 'input1');
  const exp = stacked.nodes.find(({ op }) => op === 'Exp');
  expect(exp?.inputs).toEqual(['input0']);
});

test('constants that nothing reads are left out', () => {
  const graph = graphOf((builder, x) => onnx.pad(builder, x, [1], [1]), [numbers([2])]);
  const stacked = stackGraph(graph, MEMBERS, () => true);
  const read = new Set(stacked.nodes.flatMap((node) => node.inputs));
  expect(stacked.initializers.filter(({ name }) => !read.has(name))).toEqual([]);
});

describe('a graph that does not stack', () => {
  test('is refused where an operator has no rule, naming it', () => {
    const graph = graphOf((builder, x) => onnx.size(builder, x), [numbers([2])]);
    expect(() => stackGraph(graph, MEMBERS, () => true)).toThrow(
      /^operator 'Size' \(node 'Size_node_1'\) has no stacking rule$/,
    );
  });

  test('is refused where members would take different numbers of iterations', () => {
    const graph = graphOf(
      (builder, trips, x) =>
        onnx.loop(builder, trips, [x], (body, _iteration, [state = x]) => ({
          states: [onnx.neg(body, state)],
          scans: [],
        })).states,
      [tensor('int64', [], BigInt64Array.of(2n)), numbers([2])],
    );
    expect(() => stackGraph(graph, MEMBERS, () => true)).toThrow(/same number of iterations/);
  });
});

function numbers(shape: readonly number[]): Tensor {
  return float32(
    Array.from({ length: onnx.sizeOf(shape) }, (_, index) => Math.sin(3 * index + shape.length) * 2),
    shape,
  );
}

function indices(values: readonly number[]): Tensor {
  return tensor('int32', [values.length], Int32Array.from(values));
}

function graphOf(
  build: (builder: GraphBuilder, ...inputs: Value[]) => Value | readonly Value[],
  inputs: readonly Tensor[],
): Graph {
  const builder = new GraphBuilder('test');
  const values = inputs.map(({ dtype, shape }, index) => builder.input(`input${index}`, dtype, shape));
  [build(builder, ...values)].flat().forEach((value, index) => builder.output(value, `output${index}`));
  return builder.build();
}

/** Every member of the stacked graph must get what the graph gives for its inputs alone. */
async function expectMembers(graph: Graph, inputs: readonly Tensor[], differs: (index: number) => boolean) {
  const members = Array.from({ length: MEMBERS }, (_, member) =>
    inputs.map((input, index) => (differs(index) ? changed(input, member) : input)),
  );
  const stacked = stackGraph(graph, MEMBERS, (name) => differs(Number(name.slice('input'.length))));
  const together = await run(
    stacked,
    inputs.map((input, index) =>
      differs(index) ? joined(members.map((own) => own[index] ?? input)) : input,
    ),
  );
  for (const [member, own] of members.entries()) {
    const alone = await run(graph, own);
    alone.forEach((output, index) => {
      const part = partOf(together[index], member);
      expect(part.shape).toEqual(output.shape);
      numbersIn(output).forEach((number, place) => {
        expect(numbersIn(part)[place]).toBeCloseTo(number, 4);
      });
    });
  }
}

/** Another input of the same kind for each member; indices stay within the bounds of what they point into. */
function changed(input: Tensor, member: number): Tensor {
  const values = numbersIn(input);
  const others =
    input.dtype === 'float32' ? values.map((value) => value * (member + 1) - member) : values.toReversed();
  return tensorOf(input.dtype, input.shape, member === 0 ? values : others);
}

function joined(parts: readonly Tensor[]): Tensor {
  const [{ dtype, shape } = numbers([])] = parts;
  return tensorOf(dtype, [parts.length, ...shape], parts.flatMap(numbersIn));
}

function tensorOf(dtype: DType, shape: readonly number[], values: readonly number[]): Tensor {
  if (dtype === 'int32') return tensor(dtype, shape, Int32Array.from(values));
  return dtype === 'bool'
    ? bool(
        values.map((value) => value === 1),
        shape,
      )
    : float32(values, shape);
}

function numbersIn({ data }: Pick<Tensor, 'data'>): number[] {
  return Array.from<number | bigint, number>(data as ArrayLike<number | bigint>, Number);
}

function partOf(
  stacked: Tensor | undefined,
  member: number,
): { shape: readonly Dimension[]; data: Tensor['data'] } {
  if (!stacked) throw new Error('the stacked graph has too few outputs');
  const size = stacked.data.length / MEMBERS;
  return { shape: stacked.shape.slice(1), data: stacked.data.slice(member * size, (member + 1) * size) };
}

async function run(graph: Graph, inputs: readonly Tensor[]): Promise<Tensor[]> {
  const model = {
    graph,
    metadata: {},
    producer: { name: '', version: '' },
    opset: onnx.OPSET,
    irVersion: onnx.IR_VERSION,
  };
  expect(onnx.checkModel(model)).toEqual([]);
  const session = await ort.InferenceSession.create(onnx.encodeModel(model), { logSeverityLevel: 3 });
  const outputs = await session.run(
    Object.fromEntries(
      inputs.map(({ dtype, shape, data }, index) => [`input${index}`, new ort.Tensor(dtype, data, shape)]),
    ),
  );
  await session.release();
  return graph.outputs.map(({ name }) => {
    const output = outputs[name];
    if (!output) throw new Error(`no ${name}`);
    return { dtype: output.type as DType, shape: output.dims, data: output.data as Tensor['data'] };
  });
}
