import type { GraphBuilder, Tensor, Value } from '@winning-tickets/onnx';
import type { z } from 'zod';
import type { LayerSpec } from './layer-spec.js';

/** A trained tensor of a layer, before the layer has a name. */
export interface LayerParameter {
  /** Name inside the layer: `weight`, `bias`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Inputs that add up in one output, and outputs that one input reaches: the scale of its initialisation. */
  readonly fanIn: number;
  readonly fanOut: number;
  readonly initial: 'glorot-normal' | 'zeros' | 'ones';
  /** Whether pruning may mask it. Biases stay: they are few, and the protocol leaves them. */
  readonly prunable: boolean;
}

/** A tensor that a layer keeps from step to step without a gradient, such as a running mean. */
export interface LayerBuffer {
  /** Name inside the layer, other than its parameters': `mean`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: 'zeros' | 'ones';
}

/** What a forward pass has while it trains. */
export interface TrainingContext {
  /** An int64 scalar, another one at each step and in each layer: what randomness derives from. */
  readonly seed: Value;
  /** Says what a buffer of the layer is after this step. */
  setBuffer(name: string, next: Value): void;
}

/** What a layer's forward pass gets. */
export interface ForwardContext<O> {
  readonly options: O;
  /** The layer's own parameters and buffers by their name inside the layer. */
  readonly parameters: Readonly<Record<string, Value>>;
  /** Absent when the network is evaluated. */
  readonly training: TrainingContext | undefined;
  /** What each branch of layers inside this one makes of the input; empty for a layer that has none. */
  readonly branches: readonly Value[];
}

/** Layers inside a layer: lists side by side, all applied to the layer's input, and how it joins what they give. */
export interface Branches<O> {
  /** The lists as they are written down; an empty one hands the input on. */
  lists(options: O): readonly (readonly LayerSpec[])[];
  /** The options with other lists in the place of these. */
  withLists(options: O, lists: readonly (readonly LayerSpec[])[]): O;
  /** `add`: element by element. `concat`: one after the other along the first axis. */
  readonly join: 'add' | 'concat';
}

/** What the compaction hooks of a layer get. */
export interface CompactionContext<O> {
  readonly options: O;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** The layer's own parameters and buffers by their name inside the layer; float32, in their shapes. */
  readonly parameters: Readonly<Record<string, Tensor<'float32'>>>;
  /**
   * What is known of each input element (row-major): its value where it is the same for every sample, NaN where
   * it varies.
   */
  readonly inputConstants: Float64Array;
}

/** Which elements of a layer's input and output remain, ascending, at least one of each. */
export interface Kept {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Whether the input comes as a flat list of its elements, whatever shape it had. */
  readonly flatInput: boolean;
}

/** A layer after compaction: the options and parameters that replace the old ones. */
export interface CompactedLayer {
  readonly options: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, Tensor<'float32'>>>;
}

/**
 * Which elements around a layer stay or go together.
 *
 * - `elements`: input element i with output element i.
 * - `channels`: all elements of input channel i (the first axis) with all of output channel i.
 * - `within-channels`: the elements of a channel among themselves, on either side.
 * - `outputs-within-channels`: the elements of an output channel among themselves.
 * - `all`: everything.
 * - `nothing`: each element for itself.
 */
export type Tie = 'elements' | 'channels' | 'within-channels' | 'outputs-within-channels' | 'all' | 'nothing';

/**
 * How a layer takes part in exact compaction (see `compact.ts`). Elements of a shape are numbered row-major, so
 * layers of any rank speak of the same thing.
 */
export interface Compaction<O> {
  /** Which elements can only stay or go together. */
  ties(context: Pick<CompactionContext<O>, 'options' | 'inputShape'>): Tie;
  /** Value of each output element where it is the same for every sample, NaN where it varies. */
  constants(context: CompactionContext<O>): Float64Array;
  /** Input elements that the kept outputs need as they are, ascending; the layer itself accounts for the rest. */
  keptInputs(keptOutputs: readonly number[], context: CompactionContext<O>): readonly number[];
  /**
   * The layer over the kept elements alone, or `undefined` when it has become the identity. Constant inputs that are
   * not among the kept ones are folded in.
   */
  rebuild(kept: Kept, context: CompactionContext<O>): CompactedLayer | undefined;
}

/**
 * One kind of layer: everything the project knows about it, in one file.
 *
 * Shapes exclude the batch dimension. `inputShape` is that of the layer's input.
 */
export interface LayerDefinition<S extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  /** What unnamed layers of this kind are called, followed by their number among them: `fc1`. */
  readonly prefix: string;
  /** The layer's own keys in a specification, besides `kind` and `name`; strict. */
  readonly options: S;
  /** Element type of the layer's input; float32 when left out. Only the first layer may take another. */
  readonly inputDType?: 'int32';
  /** Whether training draws random numbers in the layer. */
  readonly random?: boolean;
  /** For a layer with layers inside. */
  readonly branches?: Branches<z.output<S>>;
  /**
   * Shape of the output for an input shape.
   *
   * @param branchShapes what each branch of layers inside ends with.
   * @throws Error when the layer cannot take that shape: "expects …, found …". The caller names the layer.
   */
  outputShape(
    options: z.output<S>,
    inputShape: readonly number[],
    branchShapes: readonly (readonly number[])[],
  ): readonly number[];
  /** The layer's own parameters, without those of layers inside. */
  parameters(options: z.output<S>, inputShape: readonly number[]): readonly LayerParameter[];
  /** None when left out. */
  buffers?(options: z.output<S>, inputShape: readonly number[]): readonly LayerBuffer[];
  /** Adds the layer to a graph. `input` is `[batch, ...inputShape]`. */
  forward(builder: GraphBuilder, input: Value, context: ForwardContext<z.output<S>>): Value;
  /** Each element of the output is the largest of some elements of the input; see `trainingOrder`. */
  readonly takesLargest?: boolean;
  /** Evaluated, the layer is the identity. */
  readonly onlyInTraining?: boolean;
  /** Evaluated, the layer multiplies each channel by a factor and adds a summand: these, `[channels]` each. */
  channelwise?(
    options: z.output<S>,
    parameters: Readonly<Record<string, Tensor<'float32'>>>,
  ): { readonly factors: Float64Array; readonly summands: Float64Array };
  /**
   * For a layer that is linear in its `weight` and `bias`, whose output channels such factors can be folded into: the
   * axis of `weight` along which the channels lie.
   */
  readonly outputAxis?: number;
  /** Left out, nothing is removed before or behind the layer. A layer with layers inside needs none. */
  readonly compaction?: Compaction<z.output<S>>;
}
