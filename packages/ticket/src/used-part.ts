import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Network } from './network.js';
import { tensorsOf } from './network.js';
import { layOut } from './layout.js';
import { rebuild, usedElements } from './passes.js';

/** The part of a network that a training can reach: the rest has zero gradient at every step. */
export interface UsedPart {
  /** Takes the used inputs alone, as one flat dimension. Layers keep their names. */
  readonly network: Network;
  /** Which elements of the original input, flattened row-major, the part takes; ascending. */
  readonly inputs: readonly number[];
  /** For each element of each parameter and buffer of the part, its flat index in the whole network's parameter. */
  readonly positions: Readonly<Record<string, Int32Array>>;
}

/** Indices pass through float32 tensors, which hold whole numbers exactly up to here. */
const LARGEST_INDEX = 2 ** 24;

/**
 * Leaves out what a masked network cannot train: inputs that are zero in every training sample or have no surviving
 * weight, and units from which no surviving weight leads on. Exact: what is left out has zero gradient and keeps its
 * values, and the rest trains as it would have, but for the rounding of sums in another order.
 *
 * A unit that no input reaches stays, because its bias trains. A network that draws random numbers as it trains stays
 * whole: which numbers an element meets depends on its place.
 *
 * @param masks 0 and 1 by parameter name; parameters without a mask survive whole.
 * @param inputIsUsed for each input element, flattened row-major, whether any training sample has it other than zero.
 * @returns undefined where nothing can be left out.
 */
export function usedPart(
  network: Network,
  masks: Tensors,
  inputIsUsed: readonly boolean[],
): UsedPart | undefined {
  if (network.random || network.parameters.some(({ shape }) => sizeOf(shape) > LARGEST_INDEX))
    return undefined;
  // In the place of weights stand their masks: what counts is whether a weight survives, not what it is now. Of all
  // else nothing is known.
  const weights = filled(network, (name) => {
    const mask = masks[name]?.data;
    return mask ? (index) => Number(mask[index]) : () => NaN;
  });
  const zeros = Float64Array.from({ length: sizeOf(network.inputShape) }, (_, element) =>
    inputIsUsed[element] === false ? 0 : NaN,
  );
  // Of constants only zeros can go without a trace; anything else trains the weights that it meets.
  const kept = usedElements(layOut(network, weights, zeros, (constant) => (constant === 0 ? 0 : NaN)));
  const varying = new Float64Array(zeros.length).fill(NaN);
  // The same rows and columns of the indices say where everything comes from.
  const indices = layOut(
    network,
    filled(network, () => (index) => index),
    varying,
    () => NaN,
  );
  if (kept.every((elements, site) => elements.length === indices.sites[site]?.constants.length))
    return undefined;
  const part = rebuild(indices, kept);
  const positions = Object.entries(part.parameters).map(([name, { data }]) => [name, Int32Array.from(data)]);
  return {
    network: part.network,
    inputs: kept[0] ?? [],
    positions: Object.fromEntries(positions) as Record<string, Int32Array>,
  };
}

function filled(
  network: Network,
  valueOf: (name: string) => (index: number) => number,
): Record<string, Tensor<'float32'>> {
  return Object.fromEntries(
    tensorsOf(network).map(({ name, shape }) => {
      const value = valueOf(name);
      const data = new Float32Array(sizeOf(shape));
      for (let index = 0; index < data.length; index++) data[index] = value(index);
      return [name, tensor('float32', shape, data)];
    }),
  );
}
