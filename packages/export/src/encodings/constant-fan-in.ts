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
export function fanInOf({ shape: [inputs = 0, units = 0], data }: Tensor<'float32'>): FanIn {
  const lists = Array.from({ length: units }, (_, unit) =>
    Array.from({ length: inputs }, (_, input) => input).filter((input) => data[input * units + unit] !== 0),
  );
  const width = Math.max(1, ...lists.map((list) => list.length));
  const places = lists.flatMap((list) => Array.from({ length: width }, (_, place) => list[place] ?? -1));
  const at = (place: number, index: number) => data[place * units + Math.floor(index / width)] ?? 0;
  return {
    width,
    inputs: tensor(
      'int32',
      [units, width],
      Int32Array.from(places, (place) => Math.max(0, place)),
    ),
    weights: tensor(
      'float32',
      [units, width],
      Float32Array.from(places, (place, index) => (place < 0 ? 0 : at(place, index))),
    ),
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
