import type { LayerSpec } from '../layers/layer-spec.js';

/** What makes an image of an input: nothing where it has channels, and one channel where it is `[height, width]`. */
export function asImage(input: readonly number[]): LayerSpec[] {
  return input.length === 2 ? [{ kind: 'reshape', shape: [1, ...input] }] : [];
}

/** Dense layers of these widths, with a ReLU behind each but the last. */
export function denseLayers(...units: readonly number[]): LayerSpec[] {
  return units.flatMap((count, index) => [
    { kind: 'dense', name: `fc${index + 1}`, units: count },
    ...(index < units.length - 1 ? [{ kind: 'relu' }] : []),
  ]);
}
