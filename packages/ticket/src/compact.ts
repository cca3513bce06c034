import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { isDType, shapeText, sizeOf } from '@winning-tickets/onnx';
import { given } from './given.js';
import type { Network } from './network.js';
import { tensorsOf, withInner } from './network.js';
import { layOut } from './layout.js';
import { rebuild, usedElements } from './passes.js';

/** A smaller network that computes the same function. */
export interface CompactNetwork {
  /**
   * Takes the live inputs alone, as one flat dimension `[liveInputs.length]`; or the whole input in its shape, where a
   * layer meets it so. Layers keep their names.
   */
  readonly network: Network;
  /** float32, by the names of `network.parameters`. */
  readonly parameters: Tensors;
  /** Which elements of the original input, flattened row-major, the network takes; ascending, never empty. */
  readonly liveInputs: readonly number[];
  /** How many inputs, and how many units or filters of each layer with prunable parameters, are gone. */
  readonly removed: { readonly inputs: number; readonly units: Readonly<Record<string, number>> };
}

/**
 * Removes what pruning has cut off, exactly: the compact network computes the same function of the input, up to
 * the rounding of sums in another order (about 1e-5 in float32).
 *
 * 1. Forward: a unit that no varying input reaches through nonzero weights is a constant.
 * 2. Backward from the outputs, which all stay: what varies and is used stays; the rest goes.
 * 3. Rebuild: the kept rows and columns, with the constants folded into the next layer's bias.
 *
 * One pass reaches the fixed point. Where nothing would be left of a layer or of the input, the first unit or input stays.
 *
 * @param parameters float32, zero where pruned.
 * @throws Error when a parameter is missing, not float32 or of another shape, naming it.
 */
export function compactNetwork(network: Network, parameters: Tensors): CompactNetwork {
  const varying = new Float64Array(sizeOf(network.inputShape)).fill(NaN);
  const layout = layOut(network, checkedParameters(network, parameters), varying);
  const kept = usedElements(layout);
  const liveInputs = kept[0] ?? [];
  const compact = rebuild(layout, kept);
  return { ...compact, liveInputs, removed: countRemoved(network, compact.network) };
}

function countRemoved(network: Network, compact: Network): CompactNetwork['removed'] {
  const inner = compact.layers.flatMap(withInner);
  const sizes = new Map(inner.map(({ name, outputShape: [units = 0] }) => [name, units]));
  const units = network.layers
    .flatMap(withInner)
    .filter(({ parameters }) => parameters.some(({ prunable }) => prunable))
    .map(({ name, outputShape: [count = 0] }) => [name, count - (sizes.get(name) ?? 0)] as const);
  return {
    inputs: sizeOf(network.inputShape) - sizeOf(compact.inputShape),
    units: Object.fromEntries(units),
  };
}

function checkedParameters(network: Network, parameters: Tensors): Record<string, Tensor<'float32'>> {
  return Object.fromEntries(
    tensorsOf(network).map(({ name, shape }) => {
      const values = given(parameters, name);
      if (!isDType(values, 'float32') || shapeText(values.shape) !== shapeText(shape)) {
        const found = `${values.dtype} ${shapeText(values.shape)}`;
        throw new Error(`parameter '${name}' must be float32 ${shapeText(shape)}, found ${found}`);
      }
      return [name, values];
    }),
  );
}
