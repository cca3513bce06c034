import { layerOfKind } from './layers/registry.js';
import type { ResolvedLayer } from './network.js';

/**
 * Layers in an order that computes the same and trains faster: where the largest elements of windows are taken of what a
 * ReLU gave, the ReLU comes second, and has as few elements as there are windows.
 *
 * The loss and every gradient are the same numbers: a ReLU leaves the order of elements as it is, and where it makes
 * elements equal, the gradient behind it is zero.
 */
export function trainingOrder(layers: readonly ResolvedLayer[]): readonly ResolvedLayer[] {
  return layers.reduce<readonly ResolvedLayer[]>((ordered, layer) => {
    const last = ordered.at(-1);
    const swaps = last?.kind === 'relu' && layerOfKind(layer.kind).takesLargest === true;
    return swaps ? [...ordered.slice(0, -1), layer, last] : [...ordered, layer];
  }, []);
}
