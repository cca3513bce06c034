import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { isDType, tensor } from '@winning-tickets/onnx';
import { given } from './given.js';
import type { LayerSpec } from './layers/layer-spec.js';
import { layerOfKind } from './layers/registry.js';
import type { Network, ResolvedLayer } from './network.js';
import { ofLayer, ownName, resolveNetwork } from './network.js';

/** A network without layers that only matter in training, and its values by name. */
export interface FoldedNetwork {
  readonly network: Network;
  /** Parameters and buffers. */
  readonly values: Tensors;
}

/**
 * Folds each batch normalisation into the convolution or dense layer right before it, and leaves dropout out: the network
 * that is evaluated, with fewer layers. What has nothing to be folded into stays.
 *
 * A layer that scales and shifts its channels says by how much (`channelwise` of its definition); one that channels can
 * be folded into has `weight` and `bias`, with the channels along a known axis (`outputAxis`). Zeros stay zeros, so that
 * masks keep their meaning. The result differs by the rounding of a product (about 1e-7 of a value in float32).
 *
 * @param values float32 parameters and buffers by name.
 */
export function foldNetwork(network: Network, values: Tensors): FoldedNetwork {
  const folded: Record<string, Tensor> = { ...values };
  const foldList = (layers: readonly ResolvedLayer[]): LayerSpec[] => {
    const specs: LayerSpec[] = [];
    layers.forEach((layer, index) => {
      const definition = layerOfKind(layer.kind);
      const before = layers[index - 1];
      const name = ownName(layer);
      if (definition.onlyInTraining) return;
      if (definition.branches) {
        const lists = layer.branches.map(foldList);
        specs.push({ kind: layer.kind, name, ...definition.branches.withLists(layer.options, lists) });
        return;
      }
      const axis = before && layerOfKind(before.kind).outputAxis;
      if (definition.channelwise && before && axis !== undefined) {
        const { factors, summands } = definition.channelwise(layer.options, float32Of(layer, folded));
        Object.assign(folded, scaled(before, folded, axis, factors, summands));
        for (const { name: gone } of [...layer.parameters, ...layer.buffers])
          Reflect.deleteProperty(folded, gone);
        return;
      }
      specs.push({ kind: layer.kind, name, ...layer.options });
    });
    return specs;
  };
  const layers = foldList(network.layers);
  return { network: resolveNetwork({ ...network.spec, layers }), values: folded };
}

/** The weights and biases of a layer whose output channels are multiplied by factors and then shifted. */
function scaled(
  { name }: ResolvedLayer,
  values: Tensors,
  axis: number,
  factors: Float64Array,
  summands: Float64Array,
): Tensors {
  const weight = given(values, `${name}.weight`);
  const bias = given(values, `${name}.bias`);
  const inner = weight.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const at = (list: Float64Array, channel: number) => list[channel] ?? NaN;
  const weights = Float32Array.from(
    weight.data as Float32Array,
    (w, index) => w * at(factors, Math.floor(index / inner) % factors.length),
  );
  const biases = Float32Array.from(
    bias.data as Float32Array,
    (b, channel) => b * at(factors, channel) + at(summands, channel),
  );
  return {
    [`${name}.weight`]: tensor('float32', weight.shape, weights),
    [`${name}.bias`]: tensor('float32', bias.shape, biases),
  };
}

function float32Of(layer: ResolvedLayer, values: Tensors): Record<string, Tensor<'float32'>> {
  return Object.fromEntries(
    Object.entries(ofLayer(layer, values)).map(([name, value]) => {
      if (!isDType(value, 'float32')) {
        throw new Error(`'${layer.name}.${name}' must be float32, found ${value.dtype}`);
      }
      return [name, value];
    }),
  );
}
