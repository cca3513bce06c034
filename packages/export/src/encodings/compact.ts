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
import type { CompactNetwork } from '@winning-tickets/ticket';
import { applyMasks, compactNetwork, foldNetwork, forward, resolveNetwork } from '@winning-tickets/ticket';
import type { Encoding } from './encoding.js';

// What a sample costs in ONNX Runtime's CPU provider on an x86 core, measured at batches of 32 and 256.
const NANOS_PER_TRANSPOSED_ELEMENT = 1;
const NANOS_PER_MULTIPLY_ADD = 0.025;

/**
 * The smaller network that is left when inputs and units without effect are removed; what remains is dense.
 *
 * It computes the same function, but adds up in another order, hence the tolerance.
 *
 * Picking the live inputs out of a sample has its price, and a dead input costs no more than its row of the first
 * layer. So they are picked only where enough are dead; elsewhere the first layer keeps a row of zeros for each dead
 * input. Units go in any case. Their numbers may be odd: padding them to multiples of 8 or 16, the width of the
 * runtime's kernels, was measured and gained nothing.
 */
export const compact: Encoding = {
  name: 'compact',
  summary: 'units without effect removed, and inputs where that pays; the rest dense',
  options: {
    liveInputs: {
      summary: "take only the inputs that matter, listed in the model's metadata, instead of whole samples",
      default: false,
    },
  },
  tolerance: 1e-4,
  build(ticket, options) {
    const masked = applyMasks(ticket.best, ticket.masks);
    const { network, values } = foldNetwork(resolveNetwork(ticket.metadata.network), masked);
    const live = compactNetwork(network, values);
    // A network that meets its input in its shape, or as a sequence, takes all of it.
    const takesList = live.network.inputShape.length === 1 && network.inputDType === 'float32';
    const liveOnly = options['liveInputs'] === true;
    if (liveOnly && !takesList) {
      throw new Error(
        `network '${network.spec.name}' meets its input in its shape, so there is no list of live inputs to take: ` +
          'leave liveInputs (--live-inputs) out',
      );
    }
    const inputShape = liveOnly ? live.network.inputShape : network.inputShape;
    const gatheredInputs = takesList && !liveOnly && gatheringPays(live, sizeOf(inputShape));
    const compacted = gatheredInputs || !takesList ? live : withDeadInputs(live, sizeOf(inputShape));
    const builder = new GraphBuilder('ticket');
    const input = builder.input('input', network.inputDType, ['batch', ...inputShape]);
    const flat = inputShape.length === 1 || !takesList ? input : flatten(builder, input);
    const taken = gatheredInputs ? gathered(builder, flat, live.liveInputs) : flat;
    builder.output(forward(builder, compacted.network, taken, initializers(builder, compacted)), 'logits');
    const removedInputs = sizeOf(network.inputShape) - sizeOf(compacted.network.inputShape);
    const compaction = { removedInputs, gatheredInputs, removedUnits: live.removed.units };
    const { liveInputs } = live;
    const metadata = {
      compaction,
      ...(network.inputDType === 'int32' ? { inputForm: 'sequence' } : {}),
      ...(liveOnly ? { liveInputs } : {}),
    };
    return { graph: builder.build(), metadata };
  },
};

type Part = Pick<CompactNetwork, 'network' | 'parameters'>;

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

function initializers(builder: GraphBuilder, { parameters }: Part): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => [name, builder.initializer(name, values)]),
  );
}
