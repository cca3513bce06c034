import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { sizeOf } from '@winning-tickets/onnx';
import type { CompactedLayer, CompactionContext, LayerDefinition } from './layers/layer.js';
import { layerOfKind } from './layers/registry.js';
import type { Network, ResolvedLayer } from './network.js';
import { ofLayer, resolveNetwork } from './network.js';

/** A layer with what is known of it before anything is removed. */
export interface LayerPass {
  readonly layer: ResolvedLayer;
  readonly definition: LayerDefinition;
  readonly context: CompactionContext<Readonly<Record<string, unknown>>>;
}

/**
 * Forward: works out, layer by layer, which elements are the same for every sample.
 *
 * @param inputConstants what is known of each input element, NaN where it varies.
 * @param known what of a layer's constants the next layer may count on; all of them when left out.
 */
export function passConstants(
  network: Network,
  parameters: Readonly<Record<string, Tensor<'float32'>>>,
  inputConstants: Float64Array,
  known: (constant: number) => number = (constant) => constant,
): LayerPass[] {
  let constants = inputConstants;
  return network.layers.map((layer) => {
    const definition = layerOfKind(layer.kind);
    const context = {
      options: layer.options,
      parameters: ofLayer(layer, parameters),
      inputConstants: constants,
    };
    constants = Float64Array.from(definition.compaction.constants(context), known);
    return { layer, definition, context };
  });
}

/**
 * Backward from the outputs, which all stay: what varies and is used stays.
 *
 * @returns the kept elements before the first layer, between layers, and after the last one: `layers + 1` lists.
 */
export function passUse(network: Network, passes: readonly LayerPass[]): (readonly number[])[] {
  const outputs = Array.from({ length: sizeOf(network.outputShape) }, (_, index) => index);
  return passes.reduceRight<(readonly number[])[]>(
    (kept, { definition, context }) => [definition.compaction.keptInputs(kept[0] ?? [], context), ...kept],
    [outputs],
  );
}

/** The kept rows and columns of every layer; `undefined` for a layer that has become the identity. */
export function rebuildLayers(passes: readonly LayerPass[], kept: readonly (readonly number[])[]) {
  return passes.map(({ definition, context }, index) =>
    definition.compaction.rebuild({ inputs: kept[index] ?? [], outputs: kept[index + 1] ?? [] }, context),
  );
}

/** The rebuilt layers as a network over a flat input, with their parameters by full names. */
export function assemble(
  network: Network,
  inputs: number,
  rebuilt: readonly (CompactedLayer | undefined)[],
): { network: Network; parameters: Record<string, Tensor<'float32'>> } {
  const remaining = network.layers.flatMap((layer, index) => {
    const compacted = rebuilt[index];
    return compacted ? [{ layer, ...compacted }] : [];
  });
  const parameters = Object.fromEntries(
    remaining.flatMap(({ layer, parameters: own }) =>
      Object.entries(own).map(([name, values]) => [`${layer.name}.${name}`, values]),
    ),
  ) satisfies Tensors;
  const layers = remaining.map(({ layer, options }) => ({ kind: layer.kind, name: layer.name, ...options }));
  return { network: resolveNetwork({ name: network.spec.name, input: [inputs], layers }), parameters };
}
