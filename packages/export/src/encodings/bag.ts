import type { Tensor } from '@winning-tickets/onnx';
import { GraphBuilder, add, gather, isDType, matMul, reshape, tensor, zeros } from '@winning-tickets/onnx';
import type { Network, ResolvedLayer, Ticket } from '@winning-tickets/ticket';
import { applyMasks, compactNetwork, foldNetwork, forward, resolveNetwork } from '@winning-tickets/ticket';
import type { Encoding } from './encoding.js';

/**
 * A network over bags of words that takes the words a text has, rather than a number for every word that there is: the
 * rows of the first weight matrix are picked by the words' numbers, weighted, and added up.
 *
 * Inputs: `words` int32 and `weights` float32, both `[batch, length]`, length from 1. Weight 0 is padding. Words keep the
 * numbers of the vocabulary, also on the compact network: there a table of int32 leads from a word to its row, and what
 * pruning has cut off to a row of zeros.
 *
 * The sum is a product with a matrix of one row, which the runtime does in one pass and up to five times as fast as a
 * product of elements and a sum. It adds up in another order than the network that was trained, hence the tolerance.
 */
export const bag: Encoding = {
  name: 'bag',
  summary:
    'for networks over bags of words: takes the numbers of the words that a text has, and their weights',
  options: {
    compact: {
      summary: 'of the smaller network that is left when words and units without effect are removed',
      default: false,
    },
  },
  tolerance: 1e-4,
  unfit,
  build(ticket, options) {
    const problem = unfit(resolveNetwork(ticket.metadata.network));
    if (problem !== undefined) throw new Error(problem);
    const { network, parameters, rows, metadata } =
      options['compact'] === true ? compacted(ticket) : whole(ticket);
    const builder = new GraphBuilder('ticket');
    const words = builder.input('words', 'int32', ['batch', 'length']);
    const weights = builder.input('weights', 'float32', ['batch', 'length']);
    const values = Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, builder.initializer(name, value)]),
    );
    const { layer, rest } = firstDense(network);
    const numbers = rows ? gather(builder, builder.initializer('rows', rows), words) : words;
    const picked = gather(builder, given(values, `${layer.name}.weight`), numbers);
    const { outputShape } = layer;
    // [batch, 1, length] by [batch, length, units].
    const sums = matMul(builder, reshape(builder, weights, [0, 1, 'length']), picked);
    const units = add(
      builder,
      reshape(builder, sums, [0, ...outputShape]),
      given(values, `${layer.name}.bias`),
    );
    builder.output(forward(builder, { ...network, layers: rest }, units, values), 'logits');
    return { graph: builder.build(), metadata: { inputForm: 'bag', ...metadata } };
  },
};

interface Part {
  readonly network: Network;
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** `[words]`: the row of the first weight matrix that each word has; by default that of its number. */
  readonly rows?: Tensor<'int32'>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

function whole({ best, masks, metadata }: Ticket): Part {
  const { network, values } = foldNetwork(resolveNetwork(metadata.network), applyMasks(best, masks));
  return { network, parameters: values, metadata: {} };
}

function compacted(ticket: Ticket): Part {
  const { network, parameters } = whole(ticket);
  const live = compactNetwork(network, parameters);
  const [inputs = 0] = network.inputShape;
  const removedInputs = inputs - live.liveInputs.length;
  const compaction = { removedInputs, gatheredInputs: removedInputs > 0, removedUnits: live.removed.units };
  if (removedInputs === 0) return { ...live, metadata: { compaction } };
  const name = `${firstDense(live.network).layer.name}.weight`;
  return {
    network: live.network,
    parameters: { ...live.parameters, [name]: withZeroRow(given(live.parameters, name)) },
    rows: rowOfEach(inputs, live.liveInputs),
    metadata: { compaction },
  };
}

/** A matrix with a row of zeros below. */
function withZeroRow(weight: Tensor): Tensor<'float32'> {
  if (!isDType(weight, 'float32'))
    throw new Error(`the first weights must be float32, found ${weight.dtype}`);
  const [inputs = 0, units = 0] = weight.shape;
  const extended = zeros('float32', [inputs + 1, units]);
  extended.data.set(weight.data);
  return extended;
}

function rowOfEach(inputs: number, liveInputs: readonly number[]): Tensor<'int32'> {
  const rows = new Int32Array(inputs).fill(liveInputs.length);
  liveInputs.forEach((input, row) => {
    rows[input] = row;
  });
  return tensor('int32', [inputs], rows);
}

function unfit(network: Network): string | undefined {
  const { name } = network.spec;
  const because = (reason: string) =>
    `encoding 'bag' is for networks over bags of words, network '${name}' ${reason}: use another encoding`;
  if (network.inputDType === 'int32') return because('takes sequences of words');
  if (network.inputShape.length !== 1) {
    return because(`takes samples of ${network.inputShape.length} dimensions`);
  }
  const first = network.layers.find(({ kind }) => !isIdentity(kind));
  if (first?.kind === 'dense') return undefined;
  return because(first ? `has '${first.name}' (${first.kind}) before any dense layer` : 'has no dense layer');
}

// Of one dimension a flatten changes nothing, and evaluated a dropout doesn't either.
function isIdentity(kind: string): boolean {
  return kind === 'flatten' || kind === 'dropout';
}

/** The dense layer that the words enter, and the layers behind it. */
function firstDense({ layers, spec }: Network): { layer: ResolvedLayer; rest: readonly ResolvedLayer[] } {
  const place = layers.findIndex(({ kind }) => !isIdentity(kind));
  const layer = layers[place];
  if (layer?.kind !== 'dense') throw new Error(`network '${spec.name}' does not begin with a dense layer`);
  return { layer, rest: layers.slice(place + 1) };
}

function given<T>(values: Readonly<Record<string, T>>, name: string): T {
  const value = values[name];
  if (value === undefined) throw new Error(`parameter '${name}' is missing`);
  return value;
}
