import type { Graph, Tensor } from '@winning-tickets/onnx';
import { conv, GraphBuilder, zeros } from '@winning-tickets/onnx';
import { BLOCKED_DOMAIN, withBlockedConvolutions } from './blocked-convolutions.js';
import type { Session } from './session.js';

type Open = (graph: Graph) => Promise<Session>;

let asked: Promise<number | undefined> | undefined;

/** What `findChannelBlock` finds, sought once. */
export function channelBlock(open: Open): Promise<number | undefined> {
  asked ??= findChannelBlock(open).catch(() => undefined);
  return asked;
}

/**
 * How many channels ONNX Runtime's CPU provider puts into a block on this processor (8 or 16 on x86-64, by its vector
 * width); undefined where it has no such kernels, or a small convolution by them does not come out right. They are the
 * runtime's own business, so neither is taken on trust.
 *
 * @throws Error when the runtime does not know these operators.
 */
export async function findChannelBlock(open: Open): Promise<number | undefined> {
  const { y: reordered } = await ran(open, reorderingGraph(), { x: zeros('float32', [1, 4, 1, 1]) });
  const block = reordered?.shape[1] ?? 1;
  if (block < 8) return undefined;
  const graph = convolutionGraph(block);
  const inputs = { x: numbers([1, block, 4, 4]), weights: numbers([block, block, 3, 3]) };
  const [plain, blocked] = [
    await ran(open, graph, inputs),
    await ran(open, withBlockedConvolutions(graph, block), inputs),
  ];
  return equal(plain['y'], blocked['y']) ? block : undefined;
}

/** Four channels, the fewest that the runtime reorders: it fills the block up. */
function reorderingGraph(): Graph {
  const size = { dtype: 'float32', shape: ['?', '?', '?', '?'] } as const;
  return {
    name: 'reordering',
    inputs: [{ name: 'x', ...size }],
    outputs: [{ name: 'y', ...size }],
    initializers: [],
    sparseInitializers: [],
    nodes: [
      {
        name: 'node',
        op: 'ReorderInput',
        domain: BLOCKED_DOMAIN,
        inputs: ['x'],
        outputs: ['y'],
        attributes: {},
      },
    ],
  };
}

function convolutionGraph(block: number): Graph {
  const builder = new GraphBuilder('convolution');
  const x = builder.input('x', 'float32', [1, block, 4, 4]);
  const weights = builder.input('weights', 'float32', [block, block, 3, 3]);
  builder.output(conv(builder, x, weights, undefined, { pads: [1, 1, 1, 1] }), 'y');
  return builder.build();
}

/** Small integers, whose products and sums are exact in any order. */
function numbers(shape: readonly number[]): Tensor {
  const value = zeros('float32', shape);
  value.data.forEach((_, index) => (value.data[index] = ((index * 7) % 11) - 5));
  return value;
}

async function ran(open: Open, graph: Graph, inputs: Record<string, Tensor>) {
  const session = await open(graph);
  try {
    return await session.run(inputs);
  } finally {
    await session.dispose();
  }
}

function equal(a: Tensor | undefined, b: Tensor | undefined): boolean {
  return (
    a !== undefined &&
    a.data.length === b?.data.length &&
    a.data.every((value, index) => value === b.data[index])
  );
}
