import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { isDType, shapeText, sizeOf } from '@winning-tickets/onnx';
import { given } from './given.js';
import type { CompactionContext, CompactedLayer, LayerDefinition } from './layers/layer.js';
import { layerOfKind } from './layers/registry.js';
import type { Network, ResolvedLayer } from './network.js';
import { ofLayer, resolveNetwork } from './network.js';

/** A smaller network that computes the same function. */
export interface CompactNetwork {
  /** Takes the live inputs alone, as one flat dimension `[liveInputs.length]`. Layers keep their names. */
  readonly network: Network;
  /** float32, by the names of `network.parameters`. */
  readonly parameters: Tensors;
  /** Which elements of the original input, flattened row-major, the network takes; ascending, never empty. */
  readonly liveInputs: readonly number[];
  /** How many inputs, and how many outputs of each layer with parameters, are gone. */
  readonly removed: { readonly inputs: number; readonly units: Readonly<Record<string, number>> };
}

interface Step {
  readonly layer: ResolvedLayer;
  readonly definition: LayerDefinition;
  readonly context: CompactionContext<Readonly<Record<string, unknown>>>;
}

/**
 * Removes what pruning has cut off, exactly: the compact network computes the same function of the input, up to
 * the rounding of sums in another order (about 1e-5 in float32).
 *
 * 1. Forward: a unit that no varying input reaches through nonzero weights is a constant.
 * 2. Backward from the outputs, which all stay: what varies and is used stays; the rest goes.
 * 3. Rebuild: the kept rows and columns, with the constants folded into the next layer's bias.
 *
 * One pass reaches the fixed point. Where nothing is left of a layer or of the input, one unit or input with
 * zero weights stands in, so that the network stays valid.
 *
 * @param parameters float32, zero where pruned.
 * @throws Error when a parameter is missing, not float32 or of another shape, naming it.
 */
export function compactNetwork(network: Network, parameters: Tensors): CompactNetwork {
  const steps = passConstants(network, checkedParameters(network, parameters));
  const kept = passUse(network, steps);
  const rebuilt = steps.map(({ definition, context }, index) =>
    definition.compaction.rebuild({ inputs: kept[index] ?? [], outputs: kept[index + 1] ?? [] }, context),
  );
  const inputs = kept[0] ?? [];
  const liveInputs = inputs.length > 0 ? inputs : [0];
  const compact = assemble(network, liveInputs.length, rebuilt);
  return { ...compact, liveInputs, removed: countRemoved(network, compact.network) };
}

// Works out, layer by layer, which elements are the same for every sample.
function passConstants(network: Network, parameters: Readonly<Record<string, Tensor<'float32'>>>): Step[] {
  let inputConstants = new Float64Array(sizeOf(network.inputShape)).fill(NaN);
  return network.layers.map((layer) => {
    const definition = layerOfKind(layer.kind);
    const context = { options: layer.options, parameters: ofLayer(layer, parameters), inputConstants };
    inputConstants = Float64Array.from(definition.compaction.constants(context));
    return { layer, definition, context };
  });
}

// The kept elements before the first layer, between layers, and after the last one: `layers + 1` lists.
function passUse(network: Network, steps: readonly Step[]): (readonly number[])[] {
  const outputs = Array.from({ length: sizeOf(network.outputShape) }, (_, index) => index);
  return steps.reduceRight<(readonly number[])[]>(
    (kept, { definition, context }) => [definition.compaction.keptInputs(kept[0] ?? [], context), ...kept],
    [outputs],
  );
}

function assemble(network: Network, inputs: number, rebuilt: readonly (CompactedLayer | undefined)[]) {
  const remaining = network.layers.flatMap((layer, index) => {
    const compacted = rebuilt[index];
    return compacted ? [{ layer, ...compacted }] : [];
  });
  const parameters: Tensors = Object.fromEntries(
    remaining.flatMap(({ layer, parameters: own }) =>
      Object.entries(own).map(([name, values]) => [`${layer.name}.${name}`, values]),
    ),
  );
  const layers = remaining.map(({ layer, options }) => ({ kind: layer.kind, name: layer.name, ...options }));
  return { network: resolveNetwork({ name: network.spec.name, input: [inputs], layers }), parameters };
}

function countRemoved(network: Network, compact: Network): CompactNetwork['removed'] {
  const sizes = new Map(compact.layers.map(({ name, outputShape }) => [name, sizeOf(outputShape)]));
  const units = network.layers
    .filter(({ parameters }) => parameters.length > 0)
    .map(({ name, outputShape }) => [name, sizeOf(outputShape) - (sizes.get(name) ?? 0)] as const);
  return {
    inputs: sizeOf(network.inputShape) - sizeOf(compact.inputShape),
    units: Object.fromEntries(units),
  };
}

function checkedParameters(network: Network, parameters: Tensors): Record<string, Tensor<'float32'>> {
  return Object.fromEntries(
    network.parameters.map(({ name, shape }) => {
      const values = given(parameters, name);
      if (!isDType(values, 'float32') || shapeText(values.shape) !== shapeText(shape)) {
        const found = `${values.dtype} ${shapeText(values.shape)}`;
        throw new Error(`parameter '${name}' must be float32 ${shapeText(shape)}, found ${found}`);
      }
      return [name, values];
    }),
  );
}
