import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Subnetwork } from '@winning-tickets/export';
import type { Masks } from '@winning-tickets/ticket';
import { applyMasks, resolveNetwork } from '@winning-tickets/ticket';
import { initializeParameters, stream } from '@winning-tickets/train';

/** What of a layer is pruned: single weights, or whole units with all their weights. */
export type Pruned = 'weights' | 'units';

/** Few enough to cost nothing beside the hidden layer, which is what is looked at. */
const CLASSES = 10;

/**
 * A network of one hidden layer of as many units as inputs, and ten outputs, of which random weights of the hidden layer
 * survive: exactly `round(density * width ** 2)` of them, or all of `round(density * width)` units. Whether trained or
 * drawn, equally many weights take equally long.
 */
export function syntheticLayer(width: number, density: number, pruned: Pruned, seed: number): Subnetwork {
  const layers = [
    { kind: 'dense', name: 'hidden', units: width },
    { kind: 'relu' },
    { kind: 'dense', name: 'output', units: CLASSES },
  ];
  const spec = { name: `synthetic-${width}`, input: [width], layers };
  const network = resolveNetwork(spec);
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
  const best = applyMasks(initializeParameters(network, seed), masks);
  return { metadata: { network: spec }, masks, best };
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
