import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Value } from '@winning-tickets/onnx';
import {
  add,
  encodeModel,
  GraphBuilder,
  IR_VERSION,
  matMul,
  neg,
  OPSET,
  reduceMax,
  tensor,
} from '@winning-tickets/onnx';
import { Tensor } from 'onnxruntime-node';
import { randomStream } from './random.js';
import type { Ceilings } from './result.js';
import type { SessionSetup } from './session.js';
import { createSession } from './session.js';
import { median } from './statistics.js';

const CHAIN = 16;
// Fast calls need many, to be warm and to be told apart.
const MOST_CALLS = 2000;
const FEWEST_CALLS = 3;
const ENOUGH_MICROS = 1e5;
// From what a core's own cache holds to what none does.
const COPIED_BYTES = [2 ** 18, 2 ** 22, 2 ** 26];
const MATRIX = { cpu: 768, cuda: 4096, webgpu: 2048 } as const;

// They take seconds and are the machine's, whatever is measured on it.
const measured = new Map<string, Ceilings>();

/**
 * How fast this machine is at the parts that calls are made of, measured in the runtime on the provider: a call, one more
 * operator, copying, multiplying, and bringing inputs to the device. No model can be faster than these. Measured once in a
 * process for each provider and number of threads.
 *
 * @param folder where the graphs that are measured are written
 */
export async function ceilingsOf(folder: string, { provider, threads }: SessionSetup): Promise<Ceilings> {
  const key = `${provider} ${threads}`;
  const ceilings = measured.get(key) ?? (await measureCeilings(folder, { provider, threads }));
  measured.set(key, ceilings);
  return ceilings;
}

async function measureCeilings(folder: string, setup: SessionSetup): Promise<Ceilings> {
  const micros = (name: string, graph: (builder: GraphBuilder, x: Value) => Value, input: number) =>
    callMicros(join(folder, `${name}.onnx`), graph, input, setup);
  const callTime = await micros('call', (builder, x) => neg(builder, x), 1);
  const chained = await micros(
    'chain',
    (builder, x) => repeat(1 + CHAIN, x, (value) => neg(builder, value)),
    1,
  );
  const operatorMicros = Math.max(0, chained - callTime) / CHAIN;
  const copies: { bytes: number; bytesPerSecond: number }[] = [];
  for (const bytes of COPIED_BYTES) {
    // Each sum reads and writes all of it.
    const taken = await micros(`copy-${bytes}`, (builder, x) => copyChain(builder, x, bytes), 1);
    const base = await micros(`copy-${bytes}-base`, (builder, x) => copyChain(builder, x, bytes, 1), 1);
    const copyMicros = (taken - base) / CHAIN;
    // What starts more slowly than it copies, as on a GPU, says nothing about copying.
    if (copyMicros > 2 * operatorMicros || bytes === COPIED_BYTES.at(-1)) {
      copies.push({ bytes, bytesPerSecond: rate(2 * bytes, copyMicros) });
    }
  }
  const size = MATRIX[setup.provider];
  const [product, none] = [
    await micros('product', (builder, x) => products(builder, x, size, 1 + CHAIN / 4), 1),
    await micros('product-base', (builder, x) => products(builder, x, size, 1), 1),
  ];
  const hostBytes = 2 ** 24;
  const carried =
    setup.provider === 'cpu'
      ? null
      : rate(
          hostBytes,
          (await micros('host', (builder, x) => reduceMax(builder, x, [0], true), hostBytes / 4)) - callTime,
        );
  return {
    callMicros: callTime,
    operatorMicros,
    copies,
    operationsPerSecond: rate((CHAIN / 4) * 2 * size ** 3, product - none),
    hostBytesPerSecond: carried,
  };
}

function copyChain(builder: GraphBuilder, x: Value, bytes: number, length = 1 + CHAIN): Value {
  const content = builder.initializer(
    'content',
    tensor('float32', [bytes / 4], new Float32Array(bytes / 4).fill(1)),
  );
  return reduceMax(
    builder,
    repeat(length, content, (value) => add(builder, value, x)),
    [0],
    true,
  );
}

/** Products of matrices, of which the first depends on the input, so that nothing is computed beforehand. */
function products(builder: GraphBuilder, x: Value, size: number, length: number): Value {
  const random = randomStream(1);
  const numbers = Float32Array.from({ length: size * size }, () => random.uniform() - 0.5);
  const matrix = builder.initializer('matrix', tensor('float32', [size, size], numbers));
  const first = add(builder, matrix, x);
  return reduceMax(
    builder,
    repeat(length, first, (value) => matMul(builder, value, matrix)),
    [0, 1],
    true,
  );
}

function repeat(times: number, start: Value, step: (value: Value) => Value): Value {
  let value = start;
  for (let index = 0; index < times; index++) value = step(value);
  return value;
}

/** The median time of calls of a graph of one input `[size]`. */
async function callMicros(
  file: string,
  graph: (builder: GraphBuilder, x: Value) => Value,
  size: number,
  setup: SessionSetup,
): Promise<number> {
  const builder = new GraphBuilder('ceiling');
  builder.output(graph(builder, builder.input('x', 'float32', [size])), 'y');
  const model = { graph: builder.build(), metadata: {}, producer: { name: 'winning-tickets', version: '' } };
  await writeFile(file, encodeModel({ ...model, opset: OPSET, irVersion: IR_VERSION }));
  const session = await createSession(file, setup);
  try {
    const feeds = { x: new Tensor('float32', new Float32Array(size), [size]) };
    await session.run(feeds);
    const micros: number[] = [];
    for (let all = 0; micros.length < FEWEST_CALLS || (all < ENOUGH_MICROS && micros.length < MOST_CALLS);) {
      const start = process.hrtime.bigint();
      await session.run(feeds);
      const taken = Number(process.hrtime.bigint() - start) / 1e3;
      micros.push(taken);
      all += taken;
    }
    return median(micros);
  } finally {
    await session.release();
  }
}

/** Per second; what took no time that could be measured is as fast as one microsecond makes it. */
function rate(amount: number, micros: number): number {
  return (amount * 1e6) / Math.max(1, micros);
}
