import type { Tensors } from '@winning-tickets/onnx';
import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Subnetwork } from '@winning-tickets/export';
import type { Masks, Network } from '@winning-tickets/ticket';
import { applyMasks, resolveNetwork } from '@winning-tickets/ticket';
import { initializeParameters, stream } from '@winning-tickets/train';

/** What of a layer is pruned: single weights, or whole units with all their weights. */
export type Pruned = 'weights' | 'units';

/** Few enough to cost nothing beside the hidden layer, which is what is looked at. */
const CLASSES = 10;

/** A network of one hidden layer, of as many units as inputs, and ten outputs, with the weights that it has unpruned. */
export interface SyntheticNetwork {
  /** Inputs, and units of the hidden layer. */
  readonly width: number;
  readonly network: Network;
  readonly values: Tensors;
}

/** @param seed of the weights, on which no time depends */
export function syntheticNetwork(width: number, seed: number): SyntheticNetwork {
  const layers = [
    { kind: 'dense', name: 'hidden', units: width },
    { kind: 'relu' },
    { kind: 'dense', name: 'output', units: CLASSES },
  ];
  const network = resolveNetwork({ name: `synthetic-${width}`, input: [width], layers });
  return { width, network, values: initializeParameters(network, seed) };
}

/**
 * The network with random weights of its hidden layer left: exactly `round(density * width ** 2)` of them, or all of
 * `round(density * width)` units. Whether trained or drawn, equally many weights take equally long.
 *
 * @param seed of the mask
 */
export function maskedLayer(
  { width, network, values }: SyntheticNetwork,
  density: number,
  pruned: Pruned,
  seed: number,
): Subnetwork {
  const masks: Masks = Object.fromEntries(
    network.parameters
      .filter(({ prunable }) => prunable)
      .map(({ name, shape }) => {
        const kept =
          name === 'hidden.weight'
            ? keptOf(width, density, pruned, seed)
            : new Uint8Array(sizeOf(shape)).fill(1);
        return [name, tensor('uint8', shape, kept)];
      }),
  );
  return { metadata: { network: network.spec }, masks, best: applyMasks(values, masks) };
}

function keptOf(width: number, density: number, pruned: Pruned, seed: number): Uint8Array<ArrayBuffer> {
  const kept = new Uint8Array(width * width);
  const random = stream(seed, 'synthetic', width, pruned);
  if (pruned === 'weights') {
    const places = random.permutation(kept.length).subarray(0, Math.round(density * kept.length));
    for (const place of places) kept[place] = 1;
    return kept;
  }
  for (const unit of random.permutation(width).subarray(0, Math.max(1, Math.round(density * width)))) {
    for (let input = 0; input < width; input++) kept[input * width + unit] = 1;
  }
  return kept;
}
