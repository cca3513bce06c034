import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import { cast, gather, mul } from '@winning-tickets/onnx';
import type { Samples } from '../../engine.js';

/** The data set as graph inputs. They are captured by the loop around the batches, so nothing copies them. */
export function dataInputs(builder: GraphBuilder, samples: Samples): { inputs: Value; labels: Value } {
  const { dtype, shape } = samples.inputs;
  return {
    inputs: builder.input('data.inputs', dtype, ['samples', ...shape.slice(1)]),
    labels: builder.input('data.labels', 'int32', ['samples']),
  };
}

/** The samples of one batch, scaled as the network wants them. */
export function batchOf(
  builder: GraphBuilder,
  data: { inputs: Value; labels: Value },
  indices: Value,
  scale: number,
): { input: Value; labels: Value } {
  const stored = gather(builder, data.inputs, indices);
  const float = stored.dtype === 'float32' ? stored : cast(builder, stored, 'float32');
  return {
    input: scale === 1 ? float : mul(builder, float, builder.constant(scale)),
    labels: gather(builder, data.labels, indices),
  };
}
