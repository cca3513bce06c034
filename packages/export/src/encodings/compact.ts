import type { Value } from '@winning-tickets/onnx';
import { GraphBuilder, flatten, gather, int64, sizeOf } from '@winning-tickets/onnx';
import type { CompactNetwork } from '@winning-tickets/ticket';
import { applyMasks, compactNetwork, forward, resolveNetwork } from '@winning-tickets/ticket';
import type { Encoding } from './encoding.js';

/**
 * The smaller network that is left when inputs and units without effect are removed; what remains is dense.
 *
 * It computes the same function, but adds up in another order, hence the tolerance.
 */
export const compact: Encoding = {
  name: 'compact',
  summary: 'inputs and units without effect removed, the rest dense; smaller and faster',
  options: {
    liveInputs: {
      summary: "take only the inputs that matter, listed in the model's metadata, instead of picking them",
      default: false,
    },
  },
  tolerance: 1e-4,
  build(ticket, options) {
    const network = resolveNetwork(ticket.metadata.network);
    const compacted = compactNetwork(network, applyMasks(ticket.best, ticket.masks));
    const { liveInputs, removed } = compacted;
    const liveOnly = options['liveInputs'] === true;
    const builder = new GraphBuilder('ticket');
    const live = liveOnly
      ? builder.input('input', 'float32', ['batch', liveInputs.length])
      : pickedInputs(builder, network.inputShape, liveInputs);
    builder.output(forward(builder, compacted.network, live, initializers(builder, compacted)), 'logits');
    const compaction = { removedInputs: removed.inputs, removedUnits: removed.units };
    return { graph: builder.build(), metadata: { compaction, ...(liveOnly ? { liveInputs } : {}) } };
  },
};

// The live inputs out of a whole sample, `[batch, live]`.
function pickedInputs(
  builder: GraphBuilder,
  inputShape: readonly number[],
  liveInputs: readonly number[],
): Value {
  const input = builder.input('input', 'float32', ['batch', ...inputShape]);
  const flat = inputShape.length === 1 ? input : flatten(builder, input);
  if (liveInputs.length === sizeOf(inputShape)) return flat;
  return gather(builder, flat, builder.initializer('live_inputs', int64(liveInputs)), 1);
}

function initializers(builder: GraphBuilder, { parameters }: CompactNetwork): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => [name, builder.initializer(name, values)]),
  );
}
