import type { Survivors } from './ladder.js';

/** A layer that takes part: its weights, and the sum of the sizes of its weights' axes. */
interface Layer {
  readonly name: string;
  readonly size: number;
  readonly share?: number;
}

/**
 * Densities of an Erdős–Rényi random graph, with kernels (Evci et al. 2020, "Rigging the Lottery", after Mocanu et al. 2018):
 * a layer's density is proportional to the sum of the sizes of its weights' axes over their product, `(inputs + units) /
 * (inputs · units)`, and at most 1. So its count is proportional to that sum.
 *
 * Of `total` weights none is lost to rounding; with fewer in total no layer gets more.
 *
 * @param total at most the weights of all layers.
 */
export function erdosRenyiCounts(layers: readonly Layer[], total: number): Survivors {
  const countAt = ({ size, share = 0 }: Layer, factor: number) => Math.min(size, Math.round(factor * share));
  const totalAt = (factor: number) => layers.reduce((sum, layer) => sum + countAt(layer, factor), 0);
  // Counts never fall as the factor grows. It is narrowed down to where they step over the total.
  let below = 0;
  let above = Math.max(0, ...layers.map(({ size, share = 1 }) => (size + 1) / share));
  for (let middle = above / 2; below < middle && middle < above; middle = (below + above) / 2) {
    if (totalAt(middle) <= total) below = middle;
    else above = middle;
  }
  // There several may step at once: the first of them do.
  let left = total - totalAt(below);
  return Object.fromEntries(
    layers.map((layer) => {
      const count = countAt(layer, below);
      const extra = left > 0 && countAt(layer, above) > count ? 1 : 0;
      left -= extra;
      return [layer.name, count + extra];
    }),
  );
}
