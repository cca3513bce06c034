import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import { z } from 'zod';
import type { LayerDefinition } from './layer.js';

const options = z.strictObject({});

/**
 * A layer without options or parameters that maps each element by itself.
 *
 * @param operator adds the ONNX operator.
 * @param evaluate the same function on one number, for constants; left out, none is known behind the layer.
 */
export function elementwiseLayer(
  kind: string,
  operator: (builder: GraphBuilder, input: Value) => Value,
  evaluate: (x: number) => number = () => NaN,
): LayerDefinition<typeof options> {
  return {
    kind,
    prefix: kind,
    options,
    outputShape: (_options, inputShape) => inputShape,
    parameters: () => [],
    forward: (builder, input) => operator(builder, input),
    compaction: {
      ties: () => 'elements',
      constants: ({ inputConstants }) => inputConstants.map((x) => (Number.isNaN(x) ? NaN : evaluate(x))),
      keptInputs: (keptOutputs) => keptOutputs,
      rebuild: () => ({ options: {}, parameters: {} }),
    },
  };
}
