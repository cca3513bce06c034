import * as tf from '@tensorflow/tfjs-core';
import type { Graph, Tensor, Tensors, Value } from '@winning-tickets/onnx';
import * as onnx from '@winning-tickets/onnx';
import { float32, GraphBuilder, gradients, int64, operatorNames, tensor } from '@winning-tickets/onnx';
import { beforeAll, describe, expect, test } from 'vitest';
import { openSession } from '../../../src/engines/onnx/session.js';
import { openBackend } from '../../../src/engines/tfjs/backend.js';
import { fetched, held } from '../../../src/engines/tfjs/device-dtype.js';
import { tfjsOperator } from '../../../src/engines/tfjs/operators/registry.js';
import { walkOf } from '../../../src/engines/tfjs/walk.js';
import { stream } from '../../../src/index.js';
import { elements, given, largestError } from '../onnx/support.js';
import { device } from './support.js';

/** Calls of operators over inputs of these shapes; the numbers are drawn, float32. */
interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly add: (builder: GraphBuilder, values: readonly [Value, Value, Value]) => Value | Value[];
  /** Of what the numbers are made that are drawn, standard normal. Default: as they are. */
  readonly of?: (number: number) => number;
  /** Left out: the gradient for each input is compared too. */
  readonly gradient?: false;
}

const positive = (number: number) => Math.abs(number) + 0.1;
const truth = (builder: GraphBuilder, x: Value) => onnx.greater(builder, x, onnx.constantLike(builder, x, 0));
const places = (builder: GraphBuilder, numbers: readonly number[], shape?: readonly number[]) =>
  builder.constant(tensor('int32', shape ?? [numbers.length], Int32Array.from(numbers)));
const unary = (op: (builder: GraphBuilder, x: Value) => Value, of?: Case['of']): Case => ({
  shapes: [[3, 4]],
  add: (builder, [x]) => op(builder, x),
  ...(of ? { of } : {}),
});
const binary = (
  op: (builder: GraphBuilder, a: Value, b: Value) => Value,
  rest: Partial<Case> = {},
): Case => ({
  shapes: [
    [2, 3, 4],
    [3, 1],
  ],
  add: (builder, [a, b]) => op(builder, a, b),
  ...rest,
});
const compared = (op: typeof onnx.greater) =>
  binary((builder, a, b) => onnx.cast(builder, op(builder, a, b), 'float32'), {
    of: Math.round,
    gradient: false,
  });

const image = [2, 4, 6, 5];

const cases: Readonly<Record<string, Case>> = {
  Abs: unary(onnx.abs),
  Add: binary(onnx.add),
  And: binary((b, x, y) => onnx.cast(b, onnx.and(b, truth(b, x), truth(b, y)), 'float32'), {
    gradient: false,
  }),
  ArgMax: { ...unary((b, x) => onnx.cast(b, onnx.argMax(b, x, 1), 'int32')), gradient: false },
  AveragePool: {
    shapes: [image],
    add: (b, [x]) => onnx.averagePool(b, x, [3, 2], { strides: [2, 2], pads: [1, 0, 1, 1] }),
  },
  'AveragePool that counts its padding': {
    shapes: [[2, 3, 7]],
    add: (b, [x]) => onnx.averagePool(b, x, [3], { pads: [1, 1], countIncludePad: true }),
  },
  Cast: { shapes: [[5]], add: (b, [x]) => onnx.cast(b, x, 'int32'), of: (x) => 10 * x, gradient: false },
  Concat: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    add: (b, [x, y]) => onnx.concat(b, [x, y, x], 1),
  },
  Conv: {
    shapes: [image, [6, 2, 3, 2], [6]],
    add: (b, [x, w, c]) => onnx.conv(b, x, w, c, { group: 2, strides: [2, 1], pads: [1, 0, 1, 1] }),
  },
  'Conv that is dilated': {
    shapes: [image, [3, 4, 2, 2]],
    add: (b, [x, w]) => onnx.conv(b, x, w, undefined, { dilations: [2, 3], pads: [1, 1, 1, 1] }),
  },
  'Conv with padding all around': {
    shapes: [image, [3, 4, 3, 3], [3]],
    add: (b, [x, w, c]) => onnx.conv(b, x, w, c, { pads: [1, 1, 1, 1] }),
  },
  'Conv of sequences': { shapes: [[2, 4, 9], [3, 4, 3], [3]], add: (b, [x, w, c]) => onnx.conv(b, x, w, c) },
  ConvTranspose: {
    shapes: [[2, 4, 3, 3], [4, 2, 3, 2], [4]],
    add: (b, [x, w, c]) =>
      onnx.convTranspose(b, x, w, c, {
        group: 2,
        strides: [2, 2],
        pads: [1, 0, 0, 1],
        outputPadding: [1, 0],
      }),
  },
  Div: binary(onnx.div, { of: positive }),
  Equal: compared(onnx.equal),
  Erf: unary(onnx.erf),
  Exp: unary(onnx.exp),
  Expand: { shapes: [[3, 1]], add: (b, [x]) => onnx.expand(b, x, b.constant(int64([2, 3, 4])), [2, 3, 4]) },
  Flatten: { shapes: [[2, 3, 4]], add: (b, [x]) => onnx.flatten(b, x) },
  Gather: { shapes: [[4, 3]], add: (b, [x]) => onnx.gather(b, x, places(b, [1, 3, 1, 0, 1, 2], [3, 2])) },
  'Gather of columns': {
    shapes: [[4, 3]],
    add: (b, [x]) => onnx.gather(b, x, b.constant(int64([-1, 0])), 1),
  },
  GatherElements: {
    shapes: [[4, 3]],
    add: (b, [x]) => onnx.gatherElements(b, x, places(b, [1, 3, 1, 0, 0, 2], [2, 3])),
  },
  Gemm: {
    shapes: [[4, 3], [5, 4], [5]],
    add: (b, [x, y, c]) => onnx.gemm(b, x, y, c, { transA: true, transB: true, alpha: 0.5, beta: 2 }),
  },
  GlobalAveragePool: { shapes: [image], add: (b, [x]) => onnx.globalAveragePool(b, x) },
  GlobalMaxPool: { shapes: [image], add: (b, [x]) => onnx.globalMaxPool(b, x), of: Math.round },
  Greater: compared(onnx.greater),
  GreaterOrEqual: compared(onnx.greaterOrEqual),
  Identity: unary(onnx.identity),
  Less: compared(onnx.less),
  LessOrEqual: compared(onnx.lessOrEqual),
  Log: unary(onnx.log, positive),
  LogSoftmax: { shapes: [[2, 3, 4]], add: (b, [x]) => onnx.logSoftmax(b, x, 1) },
  Loop: {
    shapes: [[3]],
    add: (b, [x]) => {
      const body = (inner: GraphBuilder, _: Value, [state]: Value[]) => {
        if (!state) throw new Error('the loop has a state');
        const next = onnx.mul(inner, state, x);
        return { states: [next], scans: [onnx.add(inner, next, x)] };
      };
      const { states, scans } = onnx.loop(b, b.constant(int64([3], [])), [x], body);
      return [...states, ...scans];
    },
    gradient: false,
  },
  MatMul: {
    shapes: [
      [2, 3, 4],
      [4, 5],
    ],
    add: (b, [x, y]) => onnx.matMul(b, x, y),
  },
  Max: binary((b, x, y) => onnx.max(b, x, y), { of: Math.round }),
  MaxPool: {
    shapes: [image],
    add: (b, [x]) => onnx.maxPool(b, x, [3, 2], { strides: [2, 1], pads: [1, 1, 0, 0] }),
    of: Math.round,
  },
  'MaxPool of sequences': { shapes: [[2, 3, 9]], add: (b, [x]) => onnx.maxPool(b, x, [3], { strides: [3] }) },
  Min: binary((b, x, y) => onnx.min(b, x, y), { of: Math.round }),
  Mod: {
    shapes: [],
    add: (b) => onnx.cast(b, onnx.mod(b, b.constant(int64([-7, 7, 8])), b.constant(int64([3], []))), 'int32'),
    gradient: false,
  },
  Mul: binary(onnx.mul),
  Neg: unary(onnx.neg),
  Not: { ...unary((b, x) => onnx.cast(b, onnx.not(b, truth(b, x)), 'float32')), gradient: false },
  Or: binary((b, x, y) => onnx.cast(b, onnx.or(b, truth(b, x), truth(b, y)), 'float32'), { gradient: false }),
  Pad: { shapes: [[3, 4]], add: (b, [x]) => onnx.pad(b, x, [1, -1], [0, 2], 0.5) },
  Pow: binary(onnx.pow, { of: positive }),
  Range: {
    shapes: [[2, 3]],
    add: (b, [x]) => onnx.cast(b, onnx.range(b, onnx.size(b, x), 6), 'int32'),
    gradient: false,
  },
  ReduceMax: { shapes: [[2, 3, 4]], add: (b, [x]) => onnx.reduceMax(b, x, [1, 2], true), of: Math.round },
  ReduceMean: { shapes: [[2, 3, 4]], add: (b, [x]) => onnx.reduceMean(b, x, [0, 2]) },
  ReduceMin: { shapes: [[2, 3, 4]], add: (b, [x]) => onnx.reduceMin(b, x, [1]), of: Math.round },
  ReduceSum: { shapes: [[2, 3, 4]], add: (b, [x]) => onnx.reduceSum(b, x) },
  Relu: unary(onnx.relu),
  Reshape: { shapes: [[2, 3, 4]], add: (b, [x]) => onnx.reshape(b, x, [4, -1]) },
  ScatterElements: {
    shapes: [
      [4, 3],
      [2, 3],
    ],
    add: (b, [x, y]) => onnx.scatterElements(b, x, places(b, [1, 3, 1, 1, 0, 2], [2, 3]), y, 0, 'add'),
  },
  'ScatterElements that replaces': {
    shapes: [
      [4, 3],
      [4, 1],
    ],
    add: (b, [x, y]) => onnx.scatterElements(b, x, places(b, [1, 2, 1, 0], [4, 1]), y, 1),
  },
  ScatterND: {
    shapes: [
      [4, 3],
      [2, 3],
    ],
    add: (b, [x, y]) => onnx.scatterND(b, x, b.constant(int64([3, 0], [2, 1])), y),
  },
  Shape: {
    shapes: [[2, 3]],
    add: (b, [x]) => onnx.cast(b, onnx.shape(b, x), 'int32'),
    gradient: false,
  },
  Sigmoid: unary(onnx.sigmoid),
  Sign: { ...unary(onnx.sign), gradient: false },
  Size: { shapes: [[2, 3]], add: (b, [x]) => onnx.cast(b, onnx.size(b, x), 'int32'), gradient: false },
  Slice: { shapes: [[5, 4]], add: (b, [x]) => onnx.slice(b, x, [4, 1], [0, 9], [0, 1], [-2, 1]) },
  Softmax: { shapes: [[2, 3, 4]], add: (b, [x]) => onnx.softmax(b, x, 1) },
  Split: { shapes: [[2, 6]], add: (b, [x]) => onnx.split(b, x, [1, 3, 2], 1) },
  Sqrt: unary(onnx.sqrt, positive),
  Sub: binary(onnx.sub),
  Tanh: unary(onnx.tanh),
  Transpose: { shapes: [[2, 3, 4]], add: (b, [x]) => onnx.transpose(b, x, [2, 0, 1]) },
  Where: binary((b, x, y) => onnx.where(b, truth(b, x), x, y)),
  dropoutMask: {
    shapes: [[5, 3, 2]],
    add: (b, [x]) => onnx.dropoutMask(b, x, { rate: 0.4, seed: b.constant(int64([123_456_789], [])) }),
    gradient: false,
  },
};

function inputsOf({ shapes, of = (number) => number }: Case): Tensor<'float32'>[] {
  const random = stream(1, 'operators');
  return shapes.map((shape) =>
    float32(
      Array.from({ length: onnx.sizeOf(shape) }, () => of(random.normal())),
      shape,
    ),
  );
}

/** The case's outputs, and with `differentiated` the gradients of their weighted sum for the inputs. */
function graphOf(one: Case, differentiated: boolean): Graph {
  const builder = new GraphBuilder('case');
  const values = one.shapes.map((shape, index) => builder.input(`input${index}`, 'float32', shape));
  const added = one.add(builder, values as unknown as [Value, Value, Value]);
  const outputs = Array.isArray(added) ? added : [added];
  outputs.forEach((value, index) => builder.output(value, `output${index}`));
  if (one.gradient !== false) {
    const sums = outputs.map((value) =>
      onnx.reduceSum(builder, onnx.mul(builder, value, weightsLike(builder, value))),
    );
    const loss = sums.reduce((a, b) => onnx.add(builder, a, b));
    builder.output(loss, 'loss');
    if (differentiated) {
      gradients(builder, loss, values).forEach((value, index) => builder.output(value, `gradient${index}`));
    }
  }
  return builder.build();
}

// Another weight for each element, so that no gradient goes to the wrong one unseen.
function weightsLike(builder: GraphBuilder, { shape }: Value): Value {
  const sizes = shape.map(Number);
  return builder.constant(
    float32(
      Array.from({ length: onnx.sizeOf(sizes) }, (_, index) => Math.sin(index + 1)),
      sizes,
    ),
  );
}

async function inRuntime(graph: Graph, feeds: Tensors): Promise<Tensors> {
  const session = await openSession(graph, { threads: 1 });
  const outputs = await session.run(feeds);
  await session.dispose();
  return outputs;
}

function inTfjs(graph: Graph, feeds: Tensors): Tensors {
  const walk = walkOf(graph);
  const results: Record<string, Tensor> = {};
  tf.tidy(() => {
    const outputs = walk.run(
      Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, held(value)])),
    );
    for (const { name, dtype } of graph.outputs) results[name] = fetched(given(outputs, name), dtype);
  });
  walk.dispose();
  return results;
}

/** What TensorFlow.js itself says of the gradients. */
function tfjsGradients(graph: Graph, feeds: Tensors): number[][] {
  const walk = walkOf(graph);
  const names = Object.keys(feeds);
  const results: number[][] = [];
  tf.tidy(() => {
    const tensors = Object.values(feeds).map((value) => held(value) as tf.Tensor);
    const loss = (...values: tf.Tensor[]) => {
      const named = names.flatMap((name, index) => (values[index] ? [[name, values[index]] as const] : []));
      return given(walk.run(Object.fromEntries(named)), 'loss') as tf.Tensor;
    };
    for (const gradient of tf.grads(loss)(tensors)) {
      results.push([...gradient.dataSync()]);
    }
  });
  walk.dispose();
  return results;
}

beforeAll(async () => {
  await openBackend(device, 1);
});

test('every operator has a form in TensorFlow.js, and a case here', () => {
  for (const op of operatorNames()) {
    expect(tfjsOperator(op).op).toBe(op);
    expect(Object.keys(cases)).toContain(op);
  }
});

test('an operator without one is refused by its name', () => {
  expect(() => tfjsOperator('Abacus')).toThrow(
    "operator 'Abacus' has no form in TensorFlow.js: train with the engine 'onnx'",
  );
});

describe.each(Object.entries(cases))('%s', (_, one) => {
  const feeds = Object.fromEntries(inputsOf(one).map((value, index) => [`input${index}`, value]));

  test('gives what ONNX Runtime gives', async () => {
    const graph = graphOf(one, false);
    const [expected, actual] = [await inRuntime(graph, feeds), inTfjs(graph, feeds)];
    for (const [name, value] of Object.entries(expected)) {
      const found = given(actual, name);
      expect({ ...found, data: [] }).toEqual({ dtype: value.dtype, shape: value.shape, data: [] });
      expect(largestError(elements(found), elements(value))).toBeLessThan(5e-5);
    }
  });

  if (one.gradient === false) return;
  test('has the gradients of our own differentiation', async () => {
    const expected = await inRuntime(graphOf(one, true), feeds);
    tfjsGradients(graphOf(one, false), feeds).forEach((gradient, index) => {
      expect(largestError(gradient, elements(given(expected, `gradient${index}`)))).toBeLessThan(1e-4);
    });
  });
});
