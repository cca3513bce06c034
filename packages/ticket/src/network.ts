import { Buffer } from 'node:buffer';
import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import { add, int64 } from '@winning-tickets/onnx';
import { z } from 'zod';
import { given } from './given.js';
import type { LayerBuffer, LayerDefinition, LayerParameter } from './layers/layer.js';
import type { LayerSpec } from './layers/layer-spec.js';
import { layerList } from './layers/layer-spec.js';
import { layerOfKind } from './layers/registry.js';
import { parse } from './parse.js';
import { trainingOrder } from './training-order.js';

/** A network as it is written down, in JSON. `input` is the shape of one sample, without the batch dimension. */
export interface NetworkSpec {
  readonly name: string;
  readonly input: readonly number[];
  readonly layers: readonly LayerSpec[];
}

/** A trained tensor of a network, float32. */
export interface Parameter extends LayerParameter {
  /** `<layer>.<name in the layer>`: `fc1.weight`; inside other layers `<outer>.<layer>.<name>`. */
  readonly name: string;
  /** Name and kind of the layer that it belongs to. */
  readonly layer: string;
  readonly kind: string;
}

/** A tensor of a network that is kept from step to step but not trained, float32, named like a parameter. */
export interface NetworkBuffer extends LayerBuffer {
  readonly name: string;
}

/** A layer with a name, checked options and known shapes (without the batch dimension). */
export interface ResolvedLayer {
  /** Unique in the network; a layer inside another is called `<outer>.<own name>`. */
  readonly name: string;
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Its own, without those of layers inside. */
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly NetworkBuffer[];
  /** The lists of layers inside it; empty for most. */
  readonly branches: readonly (readonly ResolvedLayer[])[];
}

/** A checked network: plain data, no functions, safe to pass to a worker. */
export interface Network {
  readonly spec: NetworkSpec;
  /** The outermost layers, in order. */
  readonly layers: readonly ResolvedLayer[];
  /** The parameters of all layers, in order. */
  readonly parameters: readonly Parameter[];
  /** The buffers of all layers, in order. */
  readonly buffers: readonly NetworkBuffer[];
  readonly inputShape: readonly number[];
  /** `int32` for indices, such as words of a text. */
  readonly inputDType: 'float32' | 'int32';
  readonly outputShape: readonly number[];
  /** Whether a step of training draws random numbers. */
  readonly random: boolean;
}

/** The outer form of a specification; the options of each layer are checked against its kind afterwards. */
export const networkSchema = z.strictObject({
  name: z.string().min(1),
  input: z.array(z.int().min(1)).min(1).readonly(),
  layers: layerList.min(1).readonly(),
});

/**
 * Checks a network's specification and works out names, shapes and parameters.
 *
 * Unnamed layers are called by their kind and their number among those of that kind: `fc1`, `fc2` for dense
 * layers, `relu1`, `flatten1`; inside another layer they are counted anew.
 *
 * @throws Error for an unknown key or kind (naming the nearest known one), for a shape that a layer cannot take
 *   (naming the layer, what it expects and what it found), and for a name that two layers share.
 */
export function resolveNetwork(spec: unknown): Network {
  const { name, input, layers: layerSpecs } = parse(networkSchema, spec, 'network');
  const where = `network '${name}'`;
  const [layers = []] = resolveLists([layerSpecs], input, { prefix: '', network: where, keys: ['layers'] });
  const all = layers.flatMap(withInner);
  const [first, ...others] = all.map(({ kind }) => layerOfKind(kind));
  const misplaced = others.findIndex(({ inputDType }) => inputDType !== undefined);
  if (misplaced >= 0) {
    const { name: late = '', kind = '' } = all[misplaced + 1] ?? {};
    throw new Error(`${where}, layer '${late}' (${kind}): takes indices, so it must be the first layer`);
  }
  return {
    spec: { name, input, layers: layerSpecs },
    layers,
    parameters: all.flatMap(({ parameters }) => parameters),
    buffers: all.flatMap(({ buffers }) => buffers),
    inputShape: input,
    inputDType: first?.inputDType ?? 'float32',
    outputShape: layers.at(-1)?.outputShape ?? input,
    random: all.some(({ kind }) => layerOfKind(kind).random === true),
  };
}

/** A layer and all layers inside it, in the order in which they are applied. */
export function withInner(layer: ResolvedLayer): readonly ResolvedLayer[] {
  return [layer, ...layer.branches.flat().flatMap(withInner)];
}

/** A layer's name without the path to it: `conv1` of `block1.conv1`. */
export function ownName({ name }: ResolvedLayer): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Everything that a network computes with beside its input: its parameters and its buffers. */
export function tensorsOf(network: Network): readonly Pick<Parameter, 'name' | 'shape'>[] {
  return [...network.parameters, ...network.buffers];
}

/** Where lists of layers stand, for names and messages. */
interface Place {
  /** What the names of the layers begin with: nothing, or `<outer>.`. */
  readonly prefix: string;
  readonly network: string;
  /** What each list is called in messages. */
  readonly keys: readonly string[];
}

// Lists of layers side by side, all over the same input. Names are unique among all of them.
function resolveLists(
  lists: readonly (readonly LayerSpec[])[],
  input: readonly number[],
  { prefix, network, keys }: Place,
): ResolvedLayer[][] {
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  return lists.map((specs, list) => {
    const layers: ResolvedLayer[] = [];
    let shape = input;
    for (const [index, spec] of specs.entries()) {
      const position = `${network}, ${keys[list] ?? 'layers'}[${index}]`;
      const layer = resolveLayer(spec, shape, counts, position, { prefix, network });
      if (taken.has(layer.name)) {
        throw new Error(`${network}: two layers are named '${layer.name}'; names must differ`);
      }
      taken.add(layer.name);
      layers.push(layer);
      shape = layer.outputShape;
    }
    return layers;
  });
}

function resolveLayer(
  spec: LayerSpec,
  inputShape: readonly number[],
  counts: Map<string, number>,
  position: string,
  { prefix, network }: Pick<Place, 'prefix' | 'network'>,
): ResolvedLayer {
  const definition = located(position, () => layerOfKind(spec.kind));
  const { kind } = definition;
  const number = (counts.get(definition.prefix) ?? 0) + 1;
  counts.set(definition.prefix, number);
  const name = `${prefix}${spec.name ?? `${definition.prefix}${number}`}`;
  const options = layerOptions(definition, spec, position);
  const branches = resolveBranches(definition, options, inputShape, { name, network });
  const branchShapes = branches.map((layers) => layers.at(-1)?.outputShape ?? inputShape);
  return located(`${network}, layer '${name}' (${kind})`, () => ({
    name,
    kind,
    options,
    inputShape,
    outputShape: definition.outputShape(options, inputShape, branchShapes),
    parameters: namedParameters(definition, options, inputShape, name),
    buffers: (definition.buffers?.(options, inputShape) ?? []).map((buffer) => ({
      ...buffer,
      name: `${name}.${buffer.name}`,
    })),
    branches,
  }));
}

function resolveBranches(
  { branches }: LayerDefinition,
  options: Record<string, unknown>,
  inputShape: readonly number[],
  { name, network }: { name: string; network: string },
): ResolvedLayer[][] {
  if (!branches) return [];
  const lists = branches.lists(options);
  const keys = lists.map((_, index) => `layer '${name}', branch ${index + 1}, layers`);
  return resolveLists(lists, inputShape, { prefix: `${name}.`, network, keys });
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

/** What a forward pass has while it trains. */
export interface Training {
  /** An int64 scalar, another one at each step: what all randomness in layers derives from. */
  readonly seed: Value | undefined;
  /** Where the pass puts what each buffer, by its name, is after the step. */
  readonly nextBuffers: Map<string, Value>;
}

/**
 * Adds a network's forward pass to a graph.
 *
 * @param input `[batch, ...network.inputShape]`, in the network's input dtype, already scaled.
 * @param values float32 values of parameters and buffers by their names.
 * @param training left out, the network is evaluated: nothing is random, and buffers stay as they are.
 * @returns the last layer's output, `[batch, ...network.outputShape]`: the logits of a classifier.
 * @throws Error when a parameter or buffer is missing or a shape does not fit, naming the layer.
 */
export function forward(
  builder: GraphBuilder,
  network: Network,
  input: Value,
  values: Readonly<Record<string, Value>>,
  training?: Training,
): Value {
  const through = (layers: readonly ResolvedLayer[], value: Value): Value =>
    (training ? trainingOrder(layers) : layers).reduce((current, layer) => {
      const branches = layer.branches.map((inner) => through(inner, current));
      return located(`network '${network.spec.name}', layer '${layer.name}' (${layer.kind})`, () =>
        layerOfKind(layer.kind).forward(builder, current, {
          options: layer.options,
          parameters: ofLayer(layer, values),
          training: training && trainingOf(builder, layer, training),
          branches,
        }),
      );
    }, value);
  return through(network.layers, input);
}

function trainingOf(builder: GraphBuilder, { name }: ResolvedLayer, { seed, nextBuffers }: Training) {
  return {
    get seed(): Value {
      if (!seed) throw new Error('draws random numbers, but the training has no seed for it');
      return add(builder, seed, builder.constant(int64([saltOf(name)], [])));
    },
    setBuffer: (buffer: string, next: Value) => {
      nextBuffers.set(`${name}.${buffer}`, next);
    },
  };
}

// A number below 2^31 from a layer's name (FNV-1a), so that a layer's randomness does not depend on its neighbours.
function saltOf(name: string): number {
  const hash = Buffer.from(name).reduce((h, byte) => Math.imul(h ^ byte, 0x01000193), 0x811c9dc5);
  return hash >>> 1;
}

/** A layer's share of something kept per parameter and buffer, under their names inside the layer. */
export function ofLayer<T>(
  layer: ResolvedLayer,
  byParameter: Readonly<Record<string, T>>,
): Record<string, T> {
  return Object.fromEntries(
    [...layer.parameters, ...layer.buffers].map(({ name }) => [
      name.slice(layer.name.length + 1),
      given(byParameter, name),
    ]),
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
