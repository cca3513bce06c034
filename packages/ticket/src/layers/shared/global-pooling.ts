import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import { flatten, shapeText } from '@winning-tickets/onnx';
import { z } from 'zod';
import type { LayerDefinition } from '../layer.js';
import { channelConstants } from './channels.js';
import { channelByChannel } from './pooling.js';

const options = z.strictObject({});

/** A layer that makes one number of each channel: `[channels, ...sizes]` to `[channels]`. */
export function globalPooling(
  kind: string,
  operator: (builder: GraphBuilder, input: Value) => Value,
): LayerDefinition<typeof options> {
  return {
    kind,
    prefix: 'pool',
    options,
    outputShape(_options, inputShape) {
      if (inputShape.length < 2) {
        throw new Error(`expects channels with sizes to pool over, found shape ${shapeText(inputShape)}`);
      }
      return inputShape.slice(0, 1);
    },
    parameters: () => [],
    forward: (builder, input) => flatten(builder, operator(builder, input)),
    compaction: {
      ...channelByChannel,
      constants: ({ inputConstants, inputShape }) =>
        Float64Array.from(channelConstants(inputConstants, inputShape)),
    },
  };
}
