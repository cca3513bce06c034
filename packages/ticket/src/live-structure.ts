import type { Tensors } from '@winning-tickets/onnx';
import { compactNetwork } from './compact.js';
import { foldNetwork } from './fold.js';
import { given } from './given.js';
import type { Network } from './network.js';
import { withInner } from './network.js';

/** A number of things, and how many of them pruning has left alive. */
export interface LiveCount {
  readonly live: number;
  readonly total: number;
}

/** What of a masked network still takes part in its function. */
export interface LiveStructure {
  /** Elements of the input; of a network over sequences of words, the words with a vector that is not zero. */
  readonly inputs: LiveCount;
  /** Units or filters of each layer with prunable weights, by layer name. */
  readonly units: Readonly<Record<string, LiveCount>>;
}

/**
 * Counts what exact compaction leaves of a network, see `compactNetwork`: units that vary with the input and that a
 * surviving path joins to an output.
 *
 * @param values parameters and buffers, float32, zero where pruned.
 */
export function liveStructure(network: Network, values: Tensors): LiveStructure {
  const folded = foldNetwork(network, values);
  const { removed, liveInputs } = compactNetwork(folded.network, folded.values);
  const units = folded.network.layers.flatMap(withInner).flatMap(({ name, outputShape: [total = 0] }) => {
    const gone = removed.units[name];
    return gone === undefined ? [] : [[name, { live: total - gone, total }] as const];
  });
  return {
    inputs: liveWords(folded.network, folded.values) ?? {
      live: liveInputs.length,
      total: liveInputs.length + removed.inputs,
    },
    units: Object.fromEntries(units),
  };
}

function liveWords(network: Network, values: Tensors): LiveCount | undefined {
  const embedding = network.layers.find(({ kind }) => kind === 'embedding');
  if (!embedding) return undefined;
  const { shape, data } = given(values, `${embedding.name}.weight`);
  const [total = 0, size = 0] = shape;
  const vectors = data as Float32Array;
  const isLive = (_: unknown, word: number) =>
    vectors.subarray(word * size, (word + 1) * size).some((value) => value !== 0);
  return { live: Array.from({ length: total }, isLive).filter(Boolean).length, total };
}
