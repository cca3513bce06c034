import type { Graph, Node, Value } from '@winning-tickets/onnx';
import { gather, GraphBuilder, namesUsedBy, reduceSum } from '@winning-tickets/onnx';
import { forward, tensorsOf } from '@winning-tickets/ticket';
import type { TrainingJob } from '../../engine.js';
import { predictions, sampleLosses } from '../../losses/sample-losses.js';
import { firstWeights } from '../onnx/input.js';

type GraphJob = Pick<TrainingJob, 'network' | 'train'>;

/** A graph, and which of its values are constants to differentiation. */
export interface StepGraph {
  readonly graph: Graph;
  readonly detached: ReadonlySet<string>;
}

/** A step of training in two parts: no gradient flows through the first, so that it is not recorded. */
export interface TrainingStep extends StepGraph {
  /** What does not depend on parameters. Its outputs are inputs of the other part, beside those that the step has. */
  readonly before: Graph;
}

/**
 * The forward pass of one step of training, from a batch to its losses: the same one that the engine `onnx` differentiates.
 *
 * Inputs: `input` (indices, or scaled float32) and `labels`, `columns` where those alone are in the input (see `batchFeeds`),
 * `seed` int64 where layers are random, `parameter/<p>` per parameter and `buffer/<b>` per buffer.
 * Outputs: `losses` `[batch]`, whose mean is the loss, and `next/<b>` per buffer that the step changes.
 *
 * @param end `logits` to end there, with an output `logits` in the place of `losses`.
 */
export function trainingStep(
  job: GraphJob & Pick<TrainingJob, 'batchSize'>,
  end: 'losses' | 'logits',
): TrainingStep {
  const builder = new GraphBuilder('step');
  const seed = job.network.random ? builder.input('seed', 'int64', []) : undefined;
  const nextBuffers = new Map<string, Value>();
  const { logits, labels } = logitsOf(builder, job, job.batchSize, { seed, nextBuffers });
  builder.output(end === 'logits' ? logits : sampleLosses(builder, logits, labels), end);
  for (const [name, value] of nextBuffers) builder.output(value, `next/${name}`);
  return divided(builder, finished(builder));
}

/**
 * The evaluation of one batch.
 *
 * Inputs: those of `trainingStep` but for `seed`.
 * Outputs: `lossSum`, and what is `predicted` (see `predictions`).
 */
export function evaluationStep(job: GraphJob): StepGraph {
  const builder = new GraphBuilder('evaluation');
  const { logits, labels } = logitsOf(builder, job, 'batch');
  builder.output(reduceSum(builder, sampleLosses(builder, logits, labels)), 'lossSum');
  builder.output(predictions(builder, logits, labels), 'predicted');
  return finished(builder);
}

function logitsOf(
  builder: GraphBuilder,
  job: GraphJob,
  batch: number | string,
  training?: Parameters<typeof forward>[4],
) {
  const { network, train } = job;
  const { inputs, labels: allLabels } = train;
  const sparse = 'offsets' in inputs;
  const first = sparse ? firstWeights(network) : undefined;
  const [, ...sizes] = inputs.shape;
  const dtype = network.inputDType === 'int32' ? 'int32' : 'float32';
  const input = builder.input('input', dtype, [batch, ...(first ? ['columns'] : sizes)]);
  const labels = builder.input('labels', allLabels.dtype, [batch, ...allLabels.shape.slice(1)]);
  const columns = first ? builder.input('columns', 'int32', ['columns']) : undefined;
  const buffers = new Set(network.buffers.map(({ name }) => name));
  const values = Object.fromEntries(
    tensorsOf(network).map(({ name, shape }) => {
      const value = builder.input(`${buffers.has(name) ? 'buffer' : 'parameter'}/${name}`, 'float32', shape);
      return [name, columns && name === first ? gather(builder, value, columns) : value];
    }),
  );
  return {
    logits: forward(builder, network, input, values, training),
    labels,
  };
}

/** A step's graph without the nodes that do not depend on parameters, and those as a graph of their own. */
function divided(builder: GraphBuilder, { graph, detached }: StepGraph): TrainingStep {
  const depending = new Set(
    graph.inputs.map(({ name }) => name).filter((name) => name.startsWith('parameter/')),
  );
  const [before, after]: [Node[], Node[]] = [[], []];
  for (const node of graph.nodes) {
    const depends = namesUsedBy(node).some((name) => depending.has(name));
    if (depends) for (const output of node.outputs) depending.add(output);
    (depends ? after : before).push(node);
  }
  const needed = new Set([...after.flatMap(namesUsedBy), ...graph.outputs.map(({ name }) => name)]);
  const handedOn = before
    .flatMap(({ outputs }) => outputs)
    .flatMap((name) => (needed.has(name) ? (builder.valueNamed(name) ?? []) : []));
  return {
    before: { ...graph, nodes: before, outputs: handedOn },
    graph: { ...graph, nodes: after, inputs: [...graph.inputs, ...handedOn] },
    detached,
  };
}

function finished(builder: GraphBuilder): StepGraph {
  const graph = builder.build();
  const names = graph.nodes.flatMap(({ outputs }) => outputs);
  const detached = names.filter((name) => {
    const value = builder.valueNamed(name);
    return value !== undefined && builder.isDetached(value);
  });
  return { graph, detached: new Set(detached) };
}
