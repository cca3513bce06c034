import type { Tensor, Value } from '@winning-tickets/onnx';
import { GraphBuilder, isDType } from '@winning-tickets/onnx';
import type { Mask } from '@winning-tickets/ticket';
import { applyMask, foldNetwork, forward, resolveNetwork } from '@winning-tickets/ticket';
import type { EncodedGraph, Subnetwork } from './encoding.js';

/** Adds one parameter to a graph. `values` are zero where masked; `mask` is absent where nothing is pruned. */
export type AddParameter = (
  builder: GraphBuilder,
  name: string,
  values: Tensor<'float32'>,
  mask: Mask | undefined,
) => Value;

/**
 * The network of a ticket in its full shape, with the weights of the least validation loss and what only matters in
 * training folded away; how a parameter is stored is up to the caller.
 */
export function wholeNetwork(ticket: Subnetwork, addParameter: AddParameter): EncodedGraph {
  const { network, values: all } = foldNetwork(resolveNetwork(ticket.metadata.network), ticket.best);
  const builder = new GraphBuilder('ticket');
  const input = builder.input('input', network.inputDType, ['batch', ...network.inputShape]);
  const metadata: EncodedGraph['metadata'] = network.inputDType === 'int32' ? { inputForm: 'sequence' } : {};
  const parameters = Object.fromEntries(
    Object.entries(all).map(([name, values]) => {
      if (!isDType(values, 'float32')) {
        throw new Error(`parameter '${name}' must be float32, found ${values.dtype}`);
      }
      const mask = ticket.masks[name];
      const kept = mask ? applyMask(values, mask, name) : values;
      return [name, addParameter(builder, name, kept, mask)];
    }),
  );
  builder.output(forward(builder, network, input, parameters), 'logits');
  return { graph: builder.build(), metadata };
}
