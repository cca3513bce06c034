import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import type { Dimension, DType, Operator, Tensor, Value } from '../../src/index.js';
import { encodeModel, GraphBuilder, gradients, IR_VERSION, OPSET, sizeOf, tensor } from '../../src/index.js';

/** Adds what is tested to a graph whose inputs are given. */
export type Build = (builder: GraphBuilder, ...inputs: Value[]) => Value | readonly Value[];

/** A graph's input: the tensor to run it with, and the shape to declare where that is not the tensor's own. */
export type Input = Tensor | { readonly tensor: Tensor; readonly declared: readonly Dimension[] };

/** A graph loaded into ONNX Runtime's CPU provider. */
export interface Program {
  /** What shape inference says of the outputs. */
  readonly inferred: readonly Value[];
  run(inputs: readonly Tensor[]): Promise<Tensor[]>;
  dispose(): Promise<void>;
}

/** Builds a graph of the given inputs and loads it. */
export async function load(build: Build, inputs: readonly Input[]): Promise<Program> {
  const { builder, outputs: inferred } = assembled(build, inputs);
  inferred.forEach((value, index) => builder.output(value, `output${index}`));
  const bytes = encodeModel({
    graph: builder.build(),
    metadata: {},
    producer: { name: 'test', version: '' },
    opset: OPSET,
    irVersion: IR_VERSION,
  });
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return {
    inferred,
    async run(tensors) {
      const feeds = Object.fromEntries(
        tensors.map(({ dtype, shape, data }, index) => [`input${index}`, new ort.Tensor(dtype, data, shape)]),
      );
      const outputs = await session.run(feeds);
      return inferred.map((_, index) => {
        const output = outputs[`output${index}`];
        if (!output) throw new Error(`no output${index}`);
        return { dtype: output.type as DType, shape: output.dims, data: output.data as Tensor['data'] };
      });
    },
    dispose: () => session.release(),
  };
}

/** Runs a graph once; every output must have the dtype and shape that were inferred for it. */
export async function runGraph(build: Build, inputs: readonly Input[]): Promise<Tensor[]> {
  const program = await load(build, inputs);
  const outputs = await program.run(inputs.map((input) => parts(input).tensor));
  await program.dispose();
  const symbols = symbolsOf(inputs);
  program.inferred.forEach(({ dtype, shape }, index) => {
    const output = at(outputs, index);
    // A size that no input has is bound by the first output that shows it (`iterations`).
    shape.forEach((size, axis) => {
      const now = output.shape[axis];
      if (typeof size === 'string' && now !== undefined && !size.includes('*') && !symbols.has(size)) {
        symbols.set(size, now);
      }
    });
    expect({ dtype, shape: shape.map((size) => sizeNow(size, symbols)) }).toEqual({
      dtype: output.dtype,
      shape: output.shape,
    });
  });
  return outputs;
}

/** The elements of a graph's only output; its dtype and shape must be as inferred. */
export async function valuesOf(build: Build, ...inputs: Input[]): Promise<number[]> {
  const [output] = await runGraph(build, inputs);
  if (!output) throw new Error('the graph has no output');
  return Array.from(output.data as ArrayLike<number | bigint>, Number);
}

/** Shape inference without running: the output's shape when inputs have the given dtypes and shapes. */
export function shapeOf(build: Build, ...inputs: [DType, ...Dimension[]][]): readonly Dimension[] {
  const builder = new GraphBuilder('test');
  const values = inputs.map(([dtype, ...shape], index) => builder.input(`input${index}`, dtype, shape));
  const built = build(builder, ...values);
  return (isList(built) ? at(built, 0) : built).shape;
}

/** A tensor with a symbolic leading size. */
export function batched(content: Tensor, name = 'batch'): Input {
  return {
    tensor: content,
    declared: content.shape.with(0, 0).map((size, axis) => (axis === 0 ? name : size)),
  };
}

export function float64(values: readonly number[], shape: readonly number[] = [values.length]) {
  return tensor('float64', shape, Float64Array.from(values));
}

export function bool(values: readonly boolean[], shape: readonly number[] = [values.length]) {
  return tensor(
    'bool',
    shape,
    Uint8Array.from(values, (value) => (value ? 1 : 0)),
  );
}

/** A tensor of a dtype that counts 1, 2, 3, …; bool alternates, float16 is all ones. */
export function counting(dtype: DType, shape: readonly number[]): Tensor {
  const numbers = Array.from({ length: sizeOf(shape) }, (_, index) =>
    dtype === 'bool' ? index % 2 : index + 1,
  );
  switch (dtype) {
    case 'float32':
      return tensor(dtype, shape, Float32Array.from(numbers));
    case 'float64':
      return tensor(dtype, shape, Float64Array.from(numbers));
    case 'float16':
      // 1 in half precision, in every place.
      return tensor(
        dtype,
        shape,
        Uint16Array.from(numbers, () => 0x3c00),
      );
    case 'int64':
      return tensor(dtype, shape, BigInt64Array.from(numbers.map(BigInt)));
    case 'int32':
      return tensor(dtype, shape, Int32Array.from(numbers));
    case 'int8':
      return tensor(dtype, shape, Int8Array.from(numbers));
    case 'uint8':
    case 'bool':
      return tensor(dtype, shape, Uint8Array.from(numbers));
  }
}

/** One test per dtype that the operator lists: the runtime has a kernel for it and returns what was inferred. */
export function testDTypes(operator: Operator, build: (dtype: DType) => [Build, ...Input[]]): void {
  test.each(operator.dtypes)(`${operator.op} runs on %s`, async (dtype) => {
    const [graph, ...inputs] = build(dtype);
    const outputs = await runGraph(graph, inputs);
    expect(outputs.length).toBeGreaterThan(0);
  });
}

/** Shapes of rank 0 to 3 with sizes 1 to 3. */
export const anyShape = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });

/** Two shapes that broadcast, each stretched along some axes of the other. */
export const broadcastingShapes = fc
  .array(fc.record({ size: fc.integer({ min: 1, max: 3 }), left: fc.boolean(), right: fc.boolean() }), {
    maxLength: 3,
  })
  .chain((axes) =>
    fc.tuple(fc.nat(axes.length), fc.nat(axes.length), fc.boolean()).map(([a, b, swap]) => {
      // One side keeps its rank, else neither would have the leading axes.
      const left = axes.map(({ size, left: stretched }) => (stretched ? 1 : size));
      const right = axes.map(({ size, right: stretched }) => (stretched ? 1 : size));
      return swap ? ([left.slice(a), right] as const) : ([left, right.slice(b)] as const);
    }),
  );

/** float64 tensors of a shape with elements from `min` to `max`; a grid keeps them clear of zero and of subnormals. */
export function tensorsOf(shape: readonly number[], min = -2, max = 2): fc.Arbitrary<Tensor<'float64'>> {
  const size = sizeOf(shape);
  const steps = 101;
  return fc.array(fc.integer({ min: 0, max: steps }), { minLength: size, maxLength: size }).map((numbers) =>
    float64(
      numbers.map((number) => min + ((number + 0.37) / (steps + 1)) * (max - min)),
      shape,
    ),
  );
}

/** float64 tensors of a shape whose elements all differ by a tenth or more. */
export function distinctTensorsOf(shape: readonly number[]): fc.Arbitrary<Tensor<'float64'>> {
  const all = Array.from({ length: sizeOf(shape) }, (_, index) => index);
  return fc.shuffledSubarray(all, { minLength: all.length }).map((order) =>
    float64(
      order.map((place) => place / 10 - 1.03),
      shape,
    ),
  );
}

/** A test that the operator's gradient rule agrees with central differences for any such inputs. */
export function testGradient(title: string, build: Build, inputs: fc.Arbitrary<readonly Input[]>): void {
  test(`${title}: the gradient is that of central differences`, async () => {
    await fc.assert(
      fc.asyncProperty(inputs, (drawn) => expectGradients(build, drawn)),
      { seed: 1, numRuns: 6 },
    );
  });
}

/**
 * Compares the gradients of a graph's outputs, weighted by some numbers and summed, with central differences in
 * double precision. The gradient of every float64 input is compared; each must have its input's dtype and shape.
 */
export async function expectGradients(build: Build, inputs: readonly Input[]): Promise<void> {
  const tensors = inputs.map((input) => parts(input).tensor);
  const places = tensors.flatMap(({ dtype }, index) => (dtype === 'float64' ? [index] : []));
  const probe = await runGraph(build, inputs);
  const weights = probe.map(weightsFor);
  const weighted: Build = (builder, ...values) => {
    const graphInputs = values.slice(0, inputs.length);
    const seeds = values.slice(inputs.length);
    const built = build(builder, ...graphInputs);
    const outputs = isList(built) ? built : [built];
    const slopes = outputs.flatMap((output, index) =>
      gradients(
        builder,
        output,
        places.map((place) => at(graphInputs, place)),
        at(seeds, index),
      ),
    );
    return [...outputs, ...slopes];
  };
  const symbols = symbolsOf(inputs);
  const inferred = assembled(build, inputs).outputs.map(({ shape }) => shape);
  const program = await load(weighted, [
    ...inputs,
    ...weights.map((content, index) => ({ tensor: content, declared: at(inferred, index) })),
  ]);
  const forward = async (changed: readonly Tensor[]) => {
    const outputs = await program.run([...changed, ...weights]);
    const total = weights.reduce((sum, weight, index) => sum + dot(weight, at(outputs, index)), 0);
    return { outputs, total };
  };
  const { outputs } = await forward(tensors);
  for (const [index, place] of places.entries()) {
    const input = at(tensors, place);
    const slope = sumOver(weights.map((_, k) => at(outputs, weights.length + k * places.length + index)));
    const inferredSlope = at(program.inferred, weights.length + index);
    expect(inferredSlope.shape.map((size) => sizeNow(size, symbols))).toEqual(input.shape);
    expect(slope.shape).toEqual(input.shape);
    const step = 1e-5;
    for (let element = 0; element < input.data.length; element++) {
      const moved = (by: number) => {
        const data = Float64Array.from(input.data as Float64Array);
        data[element] = (data[element] ?? NaN) + by;
        return tensors.with(place, { ...input, data });
      };
      const above = (await forward(moved(step))).total;
      const below = (await forward(moved(-step))).total;
      const expected = (above - below) / (2 * step);
      const actual = Number(slope.data[element]);
      expect(
        Math.abs(actual - expected) / (1 + Math.abs(expected)),
        `gradient ${element} of input ${place}: ${actual}, by differences ${expected}`,
      ).toBeLessThan(1e-7);
    }
  }
  await program.dispose();
}

/** What must be there. @throws Error when it is not. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

function assembled(
  build: Build,
  inputs: readonly Input[],
): { builder: GraphBuilder; outputs: readonly Value[] } {
  const builder = new GraphBuilder('test');
  const values = inputs.map((input, index) => {
    const { tensor: content, declared } = parts(input);
    return builder.input(`input${index}`, content.dtype, declared);
  });
  const built = build(builder, ...values);
  return { builder, outputs: isList(built) ? built : [built] };
}

function parts(input: Input): { tensor: Tensor; declared: readonly Dimension[] } {
  return 'tensor' in input ? input : { tensor: input, declared: input.shape };
}

function isList(built: Value | readonly Value[]): built is readonly Value[] {
  return Array.isArray(built);
}

function symbolsOf(inputs: readonly Input[]): Map<string, number> {
  const symbols = new Map<string, number>();
  for (const { tensor: content, declared } of inputs.map(parts)) {
    declared.forEach((size, axis) => {
      if (typeof size === 'string') symbols.set(size, at(content.shape, axis));
    });
  }
  return symbols;
}

// What a size stands for in this run; `batch*12` is a product.
function sizeNow(size: Dimension, symbols: ReadonlyMap<string, number>): number {
  if (typeof size === 'number') return size;
  return size.split('*').reduce((product, part) => product * (symbols.get(part) ?? Number(part)), 1);
}

// Any numbers that differ: a gradient that mixes elements up must show.
function weightsFor(output: Tensor): Tensor<'float64'> {
  return float64(
    Array.from({ length: output.data.length }, (_, index) => Math.cos(1 + 2.7 * index)),
    output.shape,
  );
}

function dot(a: Tensor, b: Tensor): number {
  return Array.from(a.data as Float64Array).reduce(
    (sum, value, index) => sum + value * Number(b.data[index]),
    0,
  );
}

function sumOver(tensors: readonly Tensor[]): Tensor {
  const first = at(tensors, 0);
  const data = Float64Array.from(first.data as Float64Array, (_, index) =>
    tensors.reduce((sum, { data: part }) => sum + Number(part[index]), 0),
  );
  return { dtype: 'float64', shape: first.shape, data };
}
