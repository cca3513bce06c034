import type { Graph, Tensor, Tensors, Value } from '@winning-tickets/onnx';
import { GraphBuilder, int64, isDType, mul, tensor } from '@winning-tickets/onnx';
import type { Masks, Network } from '@winning-tickets/ticket';
import { applyMasks, tensorsOf } from '@winning-tickets/ticket';
import { initialBuffers } from '../initialize.js';
import { stream } from '../rng.js';
import type { InitialCriterion } from './criteria/criterion.js';
import type { ScoringData } from './scoring-samples.js';
import { drawScoringSamples } from './scoring-samples.js';

/** What criteria at initialisation use beside a network and its weights. */
export interface Scoring extends ScoringData {
  /** Threads inside one operator: another number gives other last bits, thus other scores. */
  readonly threads: number;
}

/** Scores of every prunable parameter's weights, by its name. */
export type Scores = Readonly<Record<string, Float32Array>>;

/** A criterion's scores of a network, ready to be computed under one mask after the other. */
export interface Scorer {
  readonly scores: (initial: Tensors, masks: Masks) => Promise<Scores>;
  dispose(): Promise<void>;
}

/**
 * Scores are computed by ONNX Runtime on the CPU, whatever engine and device train: so all find the same masks.
 *
 * @param seed seed and name of the streams that samples are drawn from.
 */
export async function openScorer(
  criterion: InitialCriterion,
  network: Network,
  scoring: Scoring,
  seed: readonly [seed: number, ...path: (string | number)[]],
): Promise<Scorer> {
  // Only here: whoever reads an experiment names criteria, and does not need the runtime for that.
  const { openSession } = await import('../engines/onnx/session.js');
  const session = await openSession(scoringGraph(criterion, network, scoring, seed), scoring);
  const buffers = initialBuffers(network);
  return {
    scores: async (initial, masks) => {
      const outputs = await session.run({ ...applyMasks(initial, masks), ...buffers, ...factorsOf(masks) });
      return Object.fromEntries(Object.keys(masks).map((name) => [name, scoresIn(outputs, `score/${name}`)]));
    },
    dispose: () => session.dispose(),
  };
}

/**
 * Inputs: every parameter and buffer by name, float32, and for each prunable parameter `mask/<p>`, float32 0 or 1, in its shape.
 * Outputs: `score/<p>` for each prunable parameter.
 */
function scoringGraph(
  criterion: InitialCriterion,
  network: Network,
  scoring: Scoring,
  [seed, ...path]: readonly [number, ...(string | number)[]],
): Graph {
  const builder = new GraphBuilder(criterion.name);
  const inputs = Object.fromEntries(
    tensorsOf(network).map(({ name, shape }) => [name, builder.input(name, 'float32', shape)]),
  );
  const prunable = new Set(network.parameters.filter((one) => one.prunable).map(({ name }) => name));
  const weights = Object.fromEntries(Object.entries(inputs).filter(([name]) => prunable.has(name)));
  // The product keeps derivatives by pruned weights at zero, the second ones too.
  const masked = Object.entries(weights).map(([name, weight]): [string, Value] => [
    name,
    mul(builder, weight, builder.input(`mask/${name}`, 'float32', weight.shape)),
  ]);
  const scores = criterion.scores({
    builder,
    network,
    weights,
    values: { ...inputs, ...Object.fromEntries(masked) },
    samples: () => drawScoringSamples(network, scoring, stream(seed, ...path, 'scoring samples')),
    seed: () => builder.constant(int64([stream(seed, ...path, 'scoring layers').integer(2 ** 31)], [])),
  });
  for (const [name, score] of Object.entries(scores)) builder.output(score, `score/${name}`);
  return builder.build();
}

function factorsOf(masks: Masks): Tensors {
  return Object.fromEntries(
    Object.entries(masks).map(([name, { shape, data }]) => [
      `mask/${name}`,
      tensor('float32', shape, Float32Array.from(data)),
    ]),
  );
}

function scoresIn(outputs: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  const found = outputs[name];
  if (!found || !isDType(found, 'float32')) throw new Error(`the criterion gave no float32 '${name}'`);
  return found.data;
}
