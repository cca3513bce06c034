import type { GraphBuilder, Tensor, Value } from '@winning-tickets/onnx';
import { gather, isDType, tensor, zeros } from '@winning-tickets/onnx';
import type { Network, ResolvedLayer } from '@winning-tickets/ticket';
import { applyMasks, compactNetwork, foldNetwork, resolveNetwork } from '@winning-tickets/ticket';
import type { EncodingOption, EncodingOptions, Subnetwork } from './encoding.js';

/** A network over bags of words, taken apart for encodings that pick the rows of the words that are there. */
export interface WordsNetwork {
  readonly network: Network;
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** `[words]`: the row of the first weight matrix that each word has; by default that of its number. */
  readonly rows?: Tensor<'int32'>;
  /** The dense layer that the words enter. */
  readonly first: ResolvedLayer;
  /** What comes behind it. */
  readonly rest: readonly ResolvedLayer[];
  /** What these encodings have to say of it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The options of every encoding that picks rows. */
export const wordsOptions = {
  compact: {
    summary: 'of the smaller network that is left when words and units without effect are removed',
    default: false,
  },
  liveInputs: {
    summary:
      "of the smaller network, and words are counted among those that matter, which the model's metadata list",
    default: false,
  },
} satisfies Readonly<Record<string, EncodingOption>>;

/**
 * The network of a ticket for an encoding that picks rows; whole, or without what has no effect.
 *
 * Words keep the numbers of the vocabulary, also on the smaller network: there a table of int32 leads from a word to its
 * row, and what pruning has cut off to a row of zeros. With `liveInputs` the words left are numbered anew instead: texts
 * get shorter, and there is no table.
 *
 * @throws Error for a network that does not take bags of words; see {@link wordsUnfit}.
 */
export function wordsNetwork(encoding: string, ticket: Subnetwork, options: EncodingOptions): WordsNetwork {
  const problem = wordsUnfit(encoding, resolveNetwork(ticket.metadata.network));
  if (problem !== undefined) throw new Error(problem);
  const { network, values } = foldNetwork(
    resolveNetwork(ticket.metadata.network),
    applyMasks(ticket.best, ticket.masks),
  );
  const liveOnly = options['liveInputs'] === true;
  if (options['compact'] !== true && !liveOnly) {
    return { network, parameters: values, ...partsOf(network), metadata: {} };
  }
  const live = compactNetwork(network, values);
  const { liveInputs } = live;
  const [inputs = 0] = network.inputShape;
  const removedInputs = inputs - liveInputs.length;
  const gatheredInputs = removedInputs > 0 && !liveOnly;
  const compaction = { removedInputs, gatheredInputs, removedUnits: live.removed.units };
  const metadata = { compaction, ...(liveOnly ? { liveInputs } : {}) };
  const parts = partsOf(live.network);
  if (!gatheredInputs) return { ...live, ...parts, metadata };
  const name = `${parts.first.name}.weight`;
  return {
    network: live.network,
    parameters: { ...live.parameters, [name]: withZeroRow(given(live.parameters, name)) },
    rows: rowOfEach(inputs, liveInputs),
    ...parts,
    metadata,
  };
}

/** Why an encoding that picks rows does not take a network, in one sentence; undefined where it does. */
export function wordsUnfit(encoding: string, network: Network): string | undefined {
  const { name } = network.spec;
  const because = (reason: string) =>
    `encoding '${encoding}' is for networks over bags of words, network '${name}' ${reason}: use another encoding`;
  if (network.inputDType === 'int32') return because('takes sequences of words');
  if (network.inputShape.length !== 1) {
    return because(`takes samples of ${network.inputShape.length} dimensions`);
  }
  const first = network.layers.find(({ kind }) => !isIdentity(kind));
  if (first?.kind === 'dense') return undefined;
  return because(first ? `has '${first.name}' (${first.kind}) before any dense layer` : 'has no dense layer');
}

/** The parameters of a network in a graph, and the rows of the first weights that words pick, `[...words, units]`. */
export function pickedRows(
  builder: GraphBuilder,
  { parameters, rows, first }: WordsNetwork,
  words: Value,
): { readonly values: Readonly<Record<string, Value>>; readonly picked: Value; readonly bias: Value } {
  const values = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, builder.initializer(name, value)]),
  );
  const numbers = rows ? gather(builder, builder.initializer('rows', rows), words) : words;
  const picked = gather(builder, given(values, `${first.name}.weight`), numbers);
  return { values, picked, bias: given(values, `${first.name}.bias`) };
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

// Of one dimension a flatten changes nothing, and evaluated a dropout doesn't either.
function isIdentity(kind: string): boolean {
  return kind === 'flatten' || kind === 'dropout';
}

function partsOf({ layers, spec }: Network): Pick<WordsNetwork, 'first' | 'rest'> {
  const place = layers.findIndex(({ kind }) => !isIdentity(kind));
  const first = layers[place];
  if (first?.kind !== 'dense') throw new Error(`network '${spec.name}' does not begin with a dense layer`);
  return { first, rest: layers.slice(place + 1) };
}

function given<T>(values: Readonly<Record<string, T>>, name: string): T {
  const value = values[name];
  if (value === undefined) throw new Error(`parameter '${name}' is missing`);
  return value;
}
