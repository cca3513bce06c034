import type { Tensor, Value } from '@winning-tickets/onnx';
import {
  GraphBuilder,
  flatten,
  gather,
  int64,
  isDType,
  sizeOf,
  transpose,
  zeros,
} from '@winning-tickets/onnx';
import type { CompactNetwork, Network } from '@winning-tickets/ticket';
import { applyMasks, compactNetwork, foldNetwork, resolveNetwork } from '@winning-tickets/ticket';
import type { EncodedGraph, Subnetwork } from './encoding.js';

// What a sample costs in ONNX Runtime's CPU provider on an x86 core, measured at batches of 32 and 256.
const NANOS_PER_TRANSPOSED_ELEMENT = 1;
const NANOS_PER_MULTIPLY_ADD = 0.025;

/** A compact network, with its input in a graph that has no more than that yet. */
export interface CompactedInput {
  readonly builder: GraphBuilder;
  readonly network: Network;
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** What the network takes of the samples. */
  readonly taken: Value;
  /** What an encoding has to say of it. */
  readonly metadata: EncodedGraph['metadata'];
}

/**
 * The compact network of a ticket, and the beginning of its graph.
 *
 * Dead inputs keep rows of zeros in the first dense layer, unless picking the live ones costs less; where no dense layer
 * meets them they are picked in any case.
 *
 * @param liveInputs `only`: the graph takes just these, listed in the metadata; `picked`: it picks them where that pays;
 *   `whole`: it takes all inputs, and the first dense layer has a row for each.
 * @throws Error when just the live inputs are to be taken and the network meets its input in its shape.
 */
export function compactedInput(ticket: Subnetwork, liveInputs: 'only' | 'picked' | 'whole'): CompactedInput {
  const masked = applyMasks(ticket.best, ticket.masks);
  const { network, values } = foldNetwork(resolveNetwork(ticket.metadata.network), masked);
  const live = compactNetwork(network, values);
  // A network that meets its input in its shape, or as a sequence, takes all of it.
  const takesList = live.network.inputShape.length === 1 && network.inputDType === 'float32';
  const liveOnly = liveInputs === 'only';
  if (liveOnly && !takesList) {
    throw new Error(
      `network '${network.spec.name}' meets its input in its shape, so there is no list of live inputs to take: ` +
        'leave liveInputs (--live-inputs) out',
    );
  }
  const inputShape = liveOnly ? live.network.inputShape : network.inputShape;
  const picked = liveInputs === 'whole' ? isPickedAnyway : gatheringPays;
  const gatheredInputs = takesList && !liveOnly && picked(live, sizeOf(inputShape));
  const compacted = gatheredInputs || !takesList ? live : withDeadInputs(live, sizeOf(inputShape));
  const builder = new GraphBuilder('ticket');
  const input = builder.input('input', network.inputDType, ['batch', ...inputShape]);
  const flat = inputShape.length === 1 || !takesList ? input : flatten(builder, input);
  const taken = gatheredInputs ? gathered(builder, flat, live.liveInputs) : flat;
  const removedInputs = sizeOf(network.inputShape) - sizeOf(compacted.network.inputShape);
  const compaction = { removedInputs, gatheredInputs, removedUnits: live.removed.units };
  const metadata: EncodedGraph['metadata'] = {
    compaction,
    ...(network.inputDType === 'int32' ? { inputForm: 'sequence' } : {}),
    ...(liveOnly ? { liveInputs: live.liveInputs } : {}),
  };
  return { builder, network: compacted.network, parameters: compacted.parameters, taken, metadata };
}

type Part = Pick<CompactNetwork, 'network' | 'parameters'>;

// There is no matrix whose rows dead inputs could keep.
function isPickedAnyway(live: CompactNetwork, inputs: number): boolean {
  return live.liveInputs.length < inputs && !firstWeight(live);
}

// Whether picking the live ones among `inputs` costs less than multiplying the dead ones by zero.
function gatheringPays(live: CompactNetwork, inputs: number): boolean {
  const dead = inputs - live.liveInputs.length;
  const first = firstWeight(live);
  if (dead === 0 || !first) return dead > 0;
  const [, units = 0] = first.tensor.shape;
  // The samples are transposed, and then what was picked of them.
  const transposed = inputs + live.liveInputs.length;
  return transposed * NANOS_PER_TRANSPOSED_ELEMENT < dead * units * NANOS_PER_MULTIPLY_ADD;
}

// The live inputs out of whole samples: `[batch, inputs]` to `[batch, live]`. Along the last axis `Gather` copies
// element by element; along the first it copies rows, so that two transpositions beside it are the cheaper way.
function gathered(builder: GraphBuilder, flat: Value, liveInputs: readonly number[]): Value {
  const places = builder.initializer('live_inputs', int64(liveInputs));
  return transpose(builder, gather(builder, transpose(builder, flat, [1, 0]), places, 0), [1, 0]);
}

// The same network over all `inputs`: those that are not live meet rows of zeros.
function withDeadInputs({ network, parameters, liveInputs }: CompactNetwork, inputs: number): Part {
  const first = firstWeight({ network, parameters });
  if (!first || liveInputs.length === inputs) return { network, parameters };
  const [, units = 0] = first.tensor.shape;
  const weight = zeros('float32', [inputs, units]);
  liveInputs.forEach((input, row) => {
    weight.data.set(first.tensor.data.subarray(row * units, (row + 1) * units), input * units);
  });
  return {
    network: resolveNetwork({ ...network.spec, input: [inputs] }),
    parameters: { ...parameters, [first.name]: weight },
  };
}

// The matrix, `[live inputs, units]`, that the live inputs enter through. Only elementwise layers can come before
// it; where the first layer with parameters is of another kind than dense, there is none.
function firstWeight({ network, parameters }: Part): { name: string; tensor: Tensor<'float32'> } | undefined {
  const layer = network.layers.find((one) => one.parameters.length > 0);
  const name = `${layer?.name ?? ''}.weight`;
  const found = layer?.kind === 'dense' ? parameters[name] : undefined;
  return found && isDType(found, 'float32') ? { name, tensor: found } : undefined;
}
