import type { DType, GraphBuilder, Value } from '@winning-tickets/onnx';
import { cast, constantLike, gather, mul } from '@winning-tickets/onnx';
import type { Samples, TrainingJob } from '../../engine.js';

/** The data set as graph inputs. They are captured by the loop around the batches, so nothing copies them. */
export function dataInputs(builder: GraphBuilder, samples: Samples): { inputs: Value; labels: Value } {
  const { dtype, shape } = samples.inputs;
  return {
    inputs: builder.input('data.inputs', dtype, ['samples', ...shape.slice(1)]),
    labels: builder.input('data.labels', 'int32', ['samples']),
  };
}

/** The samples of one batch as the network wants them: indices, or scaled numbers of a float dtype. */
export function batchOf(
  builder: GraphBuilder,
  data: { inputs: Value; labels: Value },
  indices: Value,
  { network, inputScale: scale }: Pick<TrainingJob, 'network' | 'inputScale'>,
  dtype: DType = 'float32',
): { input: Value; labels: Value } {
  const stored = gather(builder, data.inputs, indices);
  const labels = gather(builder, data.labels, indices);
  if (network.inputDType === 'int32') return { input: cast(builder, stored, 'int32'), labels };
  const float = stored.dtype === dtype ? stored : cast(builder, stored, dtype);
  return {
    input: scale === 1 ? float : mul(builder, float, constantLike(builder, float, scale)),
    labels,
  };
}
