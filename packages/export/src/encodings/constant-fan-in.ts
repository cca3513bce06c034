import type { GraphBuilder, Tensor, Value } from '@winning-tickets/onnx';
import { isDType, tensor } from '@winning-tickets/onnx';
import type { ResolvedLayer } from '@winning-tickets/ticket';
import { forward } from '@winning-tickets/ticket';
import { compactedInput } from './compacted-input.js';
import type { EncodedGraph, Subnetwork } from './encoding.js';

/**
 * The weights of a dense layer as a list per unit, all of the same length (ELLPACK): the inputs that reach it, and their
 * weights. Shorter lists are filled up with input 0 at weight 0.
 */
export interface FanIn {
  /** Length of every list: the most inputs that any unit has. */
  readonly width: number;
  /** int32 `[units, width]`. */
  readonly inputs: Tensor<'int32'>;
  /** float32 `[units, width]`. */
  readonly weights: Tensor<'float32'>;
}

/** Longer lists than this share of the inputs cost more than all of the inputs do, in memory alone. */
const MOST_INPUTS = 1 / 2;

/** @param weight float32 `[inputs, units]`. */
export function fanInOf({ shape: [, units = 0], data }: Tensor<'float32'>): FanIn {
  const counts = new Int32Array(units);
  data.forEach((value, index) => {
    if (value !== 0) counts[index % units] = (counts[index % units] ?? 0) + 1;
  });
  const width = counts.reduce((most, count) => Math.max(most, count), 1);
  const inputs = new Int32Array(units * width);
  const weights = new Float32Array(units * width);
  const filled = new Int32Array(units);
  data.forEach((value, index) => {
    if (value === 0) return;
    const unit = index % units;
    const place = filled[unit] ?? 0;
    inputs[unit * width + place] = (index - unit) / units;
    weights[unit * width + place] = value;
    filled[unit] = place + 1;
  });
  return {
    width,
    inputs: tensor('int32', [units, width], inputs),
    weights: tensor('float32', [units, width], weights),
  };
}

/**
 * Adds a sparse dense layer to a graph.
 *
 * @param x `[batch, inputs]`
 * @param bias `[units]`
 * @returns `[batch, units]`
 */
export type AddSparseLayer = (
  builder: GraphBuilder,
  x: Value,
  layer: { readonly fanIn: FanIn; readonly bias: Tensor<'float32'>; readonly name: string },
) => Value;

/**
 * The compact network of a ticket with its sparse layers as lists per unit. What is not a dense layer, and a dense layer
 * in which a unit has more than half of the inputs, is as in the compact form.
 */
export function constantFanInNetwork(ticket: Subnetwork, add: AddSparseLayer): EncodedGraph {
  const { builder, network, parameters, taken, metadata } = compactedInput(ticket, 'whole');
  const fanIn: Record<string, number> = {};
  const through = (value: Value, layer: ResolvedLayer): Value => {
    const sparse = sparseLayer(layer, parameters);
    if (sparse) {
      fanIn[layer.name] = sparse.fanIn.width;
      return add(builder, value, sparse);
    }
    // Its own, and those of layers inside it, whose names begin with its own.
    const values = Object.entries(parameters)
      .filter(([name]) => name.startsWith(`${layer.name}.`))
      .map(([name, tensor]) => [name, builder.initializer(name, tensor)] as const);
    return forward(builder, { ...network, layers: [layer] }, value, Object.fromEntries(values));
  };
  builder.output(network.layers.reduce(through, taken), 'logits');
  return { graph: builder.build(), metadata: { ...metadata, fanIn } };
}

function sparseLayer({ kind, name }: ResolvedLayer, parameters: Readonly<Record<string, Tensor>>) {
  const [weight, bias] = [parameters[`${name}.weight`], parameters[`${name}.bias`]];
  if (kind !== 'dense' || !weight || !isDType(weight, 'float32') || !bias || !isDType(bias, 'float32')) {
    return undefined;
  }
  const fanIn = fanInOf(weight);
  const [inputs = 0] = weight.shape;
  return fanIn.width <= inputs * MOST_INPUTS ? { fanIn, bias, name } : undefined;
}
