import type { Dimension, DType, GraphBuilder, Tensor, Tensors, Value } from '@winning-tickets/onnx';
import {
  cast,
  concat,
  constantLike,
  expand,
  gather,
  int64,
  mul,
  reshape,
  reshapeLike,
  scatterElements,
  size,
} from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import type { Samples, TrainingJob } from '../../engine.js';
import { columnBatches, wholeBatches } from './sparse-batches.js';

/** A batch in the graph. */
export interface Batch {
  /** As the network wants it: indices, or scaled numbers of a float dtype. */
  readonly input: Value;
  readonly labels: Value;
  /**
   * Given where the input has not all columns but these, int32 `[columns]`: the network's first weights
   * (`firstWeights`) must then be those rows of them alone.
   */
  readonly columns?: Value;
}

type InputJob = Pick<TrainingJob, 'network' | 'inputScale'>;

/**
 * Declares the graph inputs of batches, which `batchFeeds` gives, and says how to get one: the body of a loop over
 * batches calls the result. The data set is captured by the loop around the batches, so nothing copies it.
 *
 * @param job whose `train` samples say what samples look like.
 * @param sizes of the indices, `[batches, batch]`.
 */
export function batchInput(
  builder: GraphBuilder,
  job: InputJob & Pick<TrainingJob, 'train'>,
  sizes: readonly [Dimension, Dimension],
  dtype: DType = 'float32',
): (body: GraphBuilder, step: Value) => Batch {
  const { inputs, labels } = job.train;
  const allIndices = builder.input('indices', 'int32', sizes);
  const allLabels = builder.input('data.labels', labels.dtype, ['samples', ...labels.shape.slice(1)]);
  const samples =
    'offsets' in inputs
      ? sparseInput(builder, job, sizes, inputs.shape[1])
      : denseInput(builder, inputs.dtype, inputs.shape);
  return (body, step) => {
    const indices = gather(body, allIndices, step);
    const { stored, columns } = samples(body, indices, step);
    return {
      input: prepared(body, stored, job, dtype),
      labels: gather(body, allLabels, indices),
      ...(columns ? { columns } : {}),
    };
  };
}

/** The values of a graph's batch inputs. */
export function batchFeeds({ inputs, labels }: Samples, indices: Tensor<'int32'>, network: Network): Tensors {
  const common = { indices, ...sampleFeeds({ inputs, labels }) };
  if (!('offsets' in inputs)) return common;
  if (firstWeights(network) === undefined) {
    const { places, values } = wholeBatches(inputs, indices);
    return { ...common, 'batch.places': places, 'batch.values': values };
  }
  const { columns, places, values } = columnBatches(inputs, indices);
  return { ...common, 'batch.columns': columns, 'batch.places': places, 'batch.values': values };
}

/** Those of them that are the samples themselves, the same for every batch. */
export function sampleFeeds({ inputs, labels }: Samples): Tensors {
  return { 'data.labels': labels, ...('offsets' in inputs ? {} : { 'data.inputs': inputs }) };
}

/**
 * The weights of a network whose rows belong to columns of the input, by name: those of a dense layer that comes first,
 * but for flattening what is flat.
 * Batches of sparse samples then need those rows alone, and give gradients to no others. Undefined for other networks.
 */
export function firstWeights({ layers }: Network): string | undefined {
  const first = layers.find(({ kind, inputShape }) => kind !== 'flatten' || inputShape.length > 1);
  return first?.kind === 'dense' ? `${first.name}.weight` : undefined;
}

type StoredInput = (
  body: GraphBuilder,
  indices: Value,
  step: Value,
) => { readonly stored: Value; readonly columns?: Value };

function denseInput(builder: GraphBuilder, dtype: DType, shape: readonly number[]): StoredInput {
  const data = builder.input('data.inputs', dtype, ['samples', ...shape.slice(1)]);
  return (body, indices) => ({ stored: gather(body, data, indices) });
}

function sparseInput(
  builder: GraphBuilder,
  { network }: InputJob,
  [batches, batch]: readonly [Dimension, Dimension],
  width: number,
): StoredInput {
  const byColumn = firstWeights(network) !== undefined;
  const allColumns = byColumn ? builder.input('batch.columns', 'int32', [batches, 'columns']) : undefined;
  const allPlaces = builder.input('batch.places', 'int32', [batches, 'values']);
  const allValues = builder.input('batch.values', 'float32', [batches, 'values']);
  return (body, indices, step) => {
    const columns = allColumns && gather(body, allColumns, step);
    const values = gather(body, allValues, step);
    const shape: Dimension[] = [batch, columns ? 'columns' : width];
    const empty = expand(
      body,
      constantLike(body, values, 0),
      concat(
        body,
        [countOf(body, indices), columns ? countOf(body, columns) : body.constant(int64([width]))],
        0,
      ),
      shape,
    );
    const flat = reshape(body, empty, [-1]);
    const filled = scatterElements(body, flat, gather(body, allPlaces, step), values, 0, 'add');
    return { stored: reshapeLike(body, filled, empty), ...(columns ? { columns } : {}) };
  };
}

/** How many elements a value has, int64 `[1]`. */
function countOf(body: GraphBuilder, value: Value): Value {
  return reshape(body, size(body, value), [1]);
}

/** Stored values as the network takes them: indices, or numbers of a float dtype, scaled. */
function prepared(
  body: GraphBuilder,
  stored: Value,
  { network, inputScale: scale }: InputJob,
  dtype: DType,
): Value {
  if (network.inputDType === 'int32') return cast(body, stored, 'int32');
  const float = stored.dtype === dtype ? stored : cast(body, stored, dtype);
  return scale === 1 ? float : mul(body, float, constantLike(body, float, scale));
}
