import type { ConvOptions, Graph, GraphBuilder as Builder, Tensor, Value } from '@winning-tickets/onnx';
import {
  conv,
  encodeModel,
  float32,
  GraphBuilder,
  IR_VERSION,
  loop,
  maxPool,
  OPSET,
  relu,
  tensor,
} from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BLOCKED_DOMAIN,
  hasConvolutions,
  withBlockedConvolutions,
} from '../../../src/engines/onnx/blocked-convolutions.js';
import { findChannelBlock } from '../../../src/engines/onnx/channel-block.js';
import type { Session } from '../../../src/engines/onnx/session.js';
import { openModel } from '../../../src/engines/onnx/session.js';
import { stream } from '../../../src/index.js';

const x64 = process.arch === 'x64';

/** Loads a graph as it is. */
function open(graph: Graph): Promise<Session> {
  const producer = { name: 'test', version: '' };
  const model = { graph, metadata: {}, producer, opset: OPSET, irVersion: IR_VERSION };
  return openModel(encodeModel(model), { threads: 1 });
}

async function ran(graph: Graph, inputs: Record<string, Tensor>) {
  const session = await open(graph);
  const outputs = await session.run(inputs);
  await session.dispose();
  return outputs;
}

function blockedOps(graph: Graph): string[] {
  return graph.nodes.filter(({ domain }) => domain === BLOCKED_DOMAIN).map(({ op }) => op);
}

/** A graph of inputs `x` and `weights`. */
function graphOf(
  image: readonly number[],
  kernel: readonly number[],
  build: (builder: Builder, x: Value, weights: Value) => Value,
): Graph {
  const builder = new GraphBuilder('convolution');
  const x = builder.input('x', 'float32', image);
  builder.output(build(builder, x, builder.input('weights', 'float32', kernel)), 'y');
  return builder.build();
}

/** Normal numbers from a seed. */
function normal(shape: readonly number[], seed: number): Tensor {
  const random = stream(seed, 'numbers');
  const count = shape.reduce((product, size) => product * size, 1);
  return float32(
    Array.from({ length: count }, () => random.normal()),
    shape,
  );
}

describe('which convolutions are blocked', () => {
  const convolution = (options: ConvOptions) => (builder: Builder, x: Value, weights: Value) =>
    conv(builder, x, weights, undefined, options);

  test('those over two axes whose channels and units are multiples of the block', () => {
    const graph = graphOf([2, 8, 5, 5], [16, 8, 3, 3], convolution({}));
    expect(blockedOps(withBlockedConvolutions(graph, 8))).toEqual(['ReorderInput', 'Conv', 'ReorderOutput']);
    expect(withBlockedConvolutions(graph, 16)).toEqual(graph);
  });

  test.each([
    ['of too few channels', graphOf([2, 6, 5, 5], [16, 6, 3, 3], convolution({}))],
    ['of too few units', graphOf([2, 8, 5, 5], [12, 8, 3, 3], convolution({}))],
    ['in groups', graphOf([2, 16, 5, 5], [16, 8, 3, 3], convolution({ group: 2 }))],
    ['over one axis', graphOf([2, 8, 5], [8, 8, 3], convolution({}))],
    [
      'by constant weights, which the runtime sees to',
      graphOf([2, 8, 5, 5], [8, 8, 3, 3], (builder, x) =>
        conv(builder, x, builder.constant(normal([8, 8, 3, 3], 1))),
      ),
    ],
  ])('not one %s', (_, graph) => {
    expect(withBlockedConvolutions(graph, 8)).toEqual(graph);
    expect(hasConvolutions(graph)).toBe(true);
  });

  test('in double precision none, which the runtime does not convolve', () => {
    const graph = graphOf([2, 8, 5, 5], [8, 8, 3, 3], convolution({}));
    const double: Graph = { ...graph, inputs: graph.inputs.map((input) => ({ ...input, dtype: 'float64' })) };
    expect(withBlockedConvolutions(double, 8)).toEqual(double);
  });

  test('a graph may have none at all', () => {
    const graph = graphOf([2], [2], (builder, x) => relu(builder, x));
    expect(hasConvolutions(graph)).toBe(false);
    expect(withBlockedConvolutions(graph, 8)).toEqual(graph);
  });
});

describe.skipIf(!x64)('in the runtime (where it has these kernels for sure: on x86-64)', async () => {
  const block = x64 ? await findChannelBlock(open) : undefined;

  test('a block has 8 or 16 channels', () => {
    expect([8, 16]).toContain(block);
  });

  test('blocked convolutions of any window give what the others give, pooled and with a bias too', async () => {
    const axis = fc
      .record({
        size: fc.integer({ min: 1, max: 7 }),
        kernel: fc.integer({ min: 1, max: 4 }),
        stride: fc.integer({ min: 1, max: 3 }),
        dilation: fc.integer({ min: 1, max: 2 }),
        begin: fc.integer({ min: 0, max: 3 }),
        end: fc.integer({ min: 0, max: 3 }),
      })
      .filter(({ size, kernel, dilation, begin, end }) => size + begin + end > (kernel - 1) * dilation);
    const cases = fc.record({
      axes: fc.tuple(axis, axis),
      batch: fc.integer({ min: 1, max: 3 }),
      channels: fc.integer({ min: 1, max: 3 }),
      units: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ axes, batch, channels, units, seed }) => {
        const of = (key: keyof (typeof axes)[0]) => axes.map((each) => each[key]);
        const options = {
          strides: of('stride'),
          dilations: of('dilation'),
          pads: [...of('begin'), ...of('end')],
        };
        const image = [batch, channels * (block ?? 1), ...of('size')];
        const kernel = [units * (block ?? 1), channels * (block ?? 1), ...of('kernel')];
        const graph = graphOf(image, kernel, (builder, x, weights) => {
          const bias = builder.constant(normal([kernel[0] ?? 1], 7));
          const convolved = conv(builder, x, weights, bias, options);
          const fits = convolved.shape.slice(2).every((size) => Number(size) > 1);
          return fits ? maxPool(builder, convolved, [2, 2], { strides: [1, 2] }) : relu(builder, convolved);
        });
        const blocked = withBlockedConvolutions(graph, block ?? 1);
        expect(blockedOps(blocked)).toContain('Conv');
        expect(blockedOps(blocked).includes('MaxPool')).toBe(graph.nodes.some(({ op }) => op === 'MaxPool'));
        const inputs = { x: normal(image, seed), weights: normal(kernel, seed + 1) };
        expectClose((await ran(blocked, inputs))['y'], (await ran(graph, inputs))['y']);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('in the body of a loop, by weights that change from one iteration to the next', async () => {
    const size = block ?? 1;
    const graph = loopOf(size);
    const blocked = withBlockedConvolutions(graph, size);
    const body = blocked.nodes.flatMap(({ attributes }) => Object.values(attributes));
    expect(body.flatMap((attribute) => ('graph' in attribute ? blockedOps(attribute.graph) : []))).toContain(
      'Conv',
    );
    const inputs = {
      x: normal([1, size, 4, 4], 1),
      weights: normal([size, size, 1, 1], 2),
      trips: tensor('int64', [], BigInt64Array.of(2n)),
    };
    expectClose((await ran(blocked, inputs))['y'], (await ran(graph, inputs))['y']);
  });
});

test('a runtime whose blocks give something else is not used for them', async () => {
  const wrong = async (graph: Graph): Promise<Session> => {
    const session = await open(graph);
    return {
      ...session,
      run: async (inputs) => {
        const outputs = await session.run(inputs);
        const { y } = outputs;
        return blockedOps(graph).includes('Conv') && y
          ? { y: { ...y, data: (y.data as Float32Array).map((value) => value + 1) } }
          : outputs;
      },
    };
  };
  expect(await findChannelBlock(wrong)).toBeUndefined();
});

/** A loop that convolves an image by weights which it adds to themselves at each iteration. */
function loopOf(size: number): Graph {
  const builder = new GraphBuilder('repeated');
  const x = builder.input('x', 'float32', [1, size, 4, 4]);
  const weights = builder.input('weights', 'float32', [size, size, 1, 1]);
  const trips = builder.input('trips', 'int64', []);
  const { states } = loop(builder, trips, [x, weights], (body, _, [image = x, kernel = weights]) => ({
    states: [conv(body, image, kernel), conv(body, kernel, kernel)],
    scans: [],
  }));
  for (const [index, state] of states.entries()) builder.output(state, index === 0 ? 'y' : 'kernel');
  return builder.build();
}

function expectClose(found: Tensor | undefined, expected: Tensor | undefined): void {
  expect(found?.shape).toEqual(expected?.shape);
  const values = Array.from(found?.data as Float32Array);
  const largest = Math.max(1, ...Array.from(expected?.data as Float32Array, Math.abs));
  const apart = values.map((value, index) => Math.abs(value - Number(expected?.data[index])));
  expect(Math.max(0, ...apart)).toBeLessThan(1e-5 * largest);
}
