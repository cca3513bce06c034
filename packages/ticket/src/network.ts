import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import { z } from 'zod';
import { given } from './given.js';
import type { LayerDefinition, LayerParameter } from './layers/layer.js';
import { layerOfKind } from './layers/registry.js';
import { parse } from './parse.js';

/** A layer as it is written down: its kind, a name when it has one, and the options of its kind. */
export interface LayerSpec {
  readonly kind: string;
  readonly name?: string;
  readonly [option: string]: unknown;
}

/** A network as it is written down, in JSON. `input` is the shape of one sample, without the batch dimension. */
export interface NetworkSpec {
  readonly name: string;
  readonly input: readonly number[];
  readonly layers: readonly LayerSpec[];
}

/** A trained tensor of a network, float32. */
export interface Parameter extends LayerParameter {
  /** `<layer>.<name in the layer>`: `fc1.weight`. */
  readonly name: string;
  /** Name and kind of the layer that it belongs to. */
  readonly layer: string;
  readonly kind: string;
}

/** A layer with a name, checked options and known shapes (without the batch dimension). */
export interface ResolvedLayer {
  readonly name: string;
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly parameters: readonly Parameter[];
}

/** A checked network: plain data, no functions, safe to pass to a worker. */
export interface Network {
  readonly spec: NetworkSpec;
  readonly layers: readonly ResolvedLayer[];
  /** The parameters of all layers, in order. */
  readonly parameters: readonly Parameter[];
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
}

// Names become parts of tensor names, in which '/' and '.' separate.
const layerName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/);

/** The outer form of a specification; the options of each layer are checked against its kind afterwards. */
export const networkSchema = z.strictObject({
  name: z.string().min(1),
  input: z.array(z.int().min(1)).min(1).readonly(),
  layers: z
    .array(z.looseObject({ kind: z.string(), name: layerName.exactOptional() }))
    .min(1)
    .readonly(),
});

/**
 * Checks a network's specification and works out names, shapes and parameters.
 *
 * Unnamed layers are called by their kind and their number among those of that kind: `fc1`, `fc2` for dense
 * layers, `relu1`, `flatten1`.
 *
 * @throws Error for an unknown key or kind (naming the nearest known one), for a shape that a layer cannot take
 *   (naming the layer, what it expects and what it found), and for a name that two layers share.
 */
export function resolveNetwork(spec: unknown): Network {
  const { name, input, layers: layerSpecs } = parse(networkSchema, spec, 'network');
  const where = `network '${name}'`;
  const counts = new Map<string, number>();
  const layers: ResolvedLayer[] = [];
  let shape: readonly number[] = input;
  for (const [index, layerSpec] of layerSpecs.entries()) {
    const layer = resolveLayer(layerSpec, shape, counts, `${where}, layers[${index}]`, where);
    if (layers.some((other) => other.name === layer.name)) {
      throw new Error(`${where}: two layers are named '${layer.name}'; names must differ`);
    }
    layers.push(layer);
    shape = layer.outputShape;
  }
  return {
    spec: { name, input, layers: layerSpecs },
    layers,
    parameters: layers.flatMap(({ parameters }) => parameters),
    inputShape: input,
    outputShape: shape,
  };
}

function resolveLayer(
  spec: LayerSpec,
  inputShape: readonly number[],
  counts: Map<string, number>,
  position: string,
  network: string,
): ResolvedLayer {
  const definition = located(position, () => layerOfKind(spec.kind));
  const { kind, prefix } = definition;
  const number = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, number);
  const name = spec.name ?? `${prefix}${number}`;
  const options = layerOptions(definition, spec, position);
  return located(`${network}, layer '${name}' (${kind})`, () => ({
    name,
    kind,
    options,
    inputShape,
    outputShape: definition.outputShape(options, inputShape),
    parameters: namedParameters(definition, options, inputShape, name),
  }));
}

// The options of a layer's kind. `kind` and `name` are checked before; here they are known keys, no more.
function layerOptions(
  definition: LayerDefinition,
  spec: LayerSpec,
  position: string,
): Record<string, unknown> {
  const known = z.unknown().optional();
  const parsed = parse(definition.options.extend({ kind: known, name: known }), spec, position);
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => key !== 'kind' && key !== 'name'));
}

function namedParameters(
  definition: LayerDefinition,
  options: Record<string, unknown>,
  inputShape: readonly number[],
  layer: string,
): Parameter[] {
  return definition
    .parameters(options, inputShape)
    .map((parameter) => ({ ...parameter, name: `${layer}.${parameter.name}`, layer, kind: definition.kind }));
}

/**
 * Adds a network's forward pass to a graph.
 *
 * @param input `[batch, ...network.inputShape]`, float32, already scaled.
 * @param parameters float32 values by parameter name.
 * @returns the last layer's output, `[batch, ...network.outputShape]`: the logits of a classifier.
 * @throws Error when a parameter is missing or a shape does not fit, naming the layer.
 */
export function forward(
  builder: GraphBuilder,
  network: Network,
  input: Value,
  parameters: Readonly<Record<string, Value>>,
): Value {
  return network.layers.reduce(
    (value, layer) =>
      located(`network '${network.spec.name}', layer '${layer.name}' (${layer.kind})`, () =>
        layerOfKind(layer.kind).forward(builder, value, {
          options: layer.options,
          parameters: ofLayer(layer, parameters),
        }),
      ),
    input,
  );
}

/** A layer's share of something kept per parameter, under the parameters' names inside the layer. */
export function ofLayer<T>(
  layer: ResolvedLayer,
  byParameter: Readonly<Record<string, T>>,
): Record<string, T> {
  return Object.fromEntries(
    layer.parameters.map(({ name }) => [name.slice(layer.name.length + 1), given(byParameter, name)]),
  );
}

// Runs a function and puts the place in front of its error.
function located<T>(place: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new Error(`${place}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
