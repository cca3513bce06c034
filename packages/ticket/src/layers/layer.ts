import type { GraphBuilder, Tensor, Value } from '@winning-tickets/onnx';
import type { z } from 'zod';

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

/** What a layer's forward pass gets. An object, so that layers with state can be given more. */
export interface ForwardContext<O> {
  readonly options: O;
  /** The layer's parameters by their name inside the layer. */
  readonly parameters: Readonly<Record<string, Value>>;
}

/** What the compaction hooks of a layer get. */
export interface CompactionContext<O> {
  readonly options: O;
  /** The layer's parameters by their name inside the layer; float32, in the parameters' shapes. */
  readonly parameters: Readonly<Record<string, Tensor<'float32'>>>;
  /**
   * What is known of each input element (row-major): its value where it is the same for every sample, NaN where
   * it varies.
   */
  readonly inputConstants: Float64Array;
}

/** Which elements of a layer's input and output remain, ascending; none stands for one placeholder of no effect. */
export interface Kept {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** A layer after compaction: the options and parameters that replace the old ones. */
export interface CompactedLayer {
  readonly options: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, Tensor<'float32'>>>;
}

/**
 * How a layer takes part in exact compaction (see `compact.ts`). Elements of a shape are numbered row-major, so
 * layers of any rank speak of the same thing.
 */
export interface Compaction<O> {
  /** Value of each output element where it is the same for every sample, NaN where it varies. */
  constants(context: CompactionContext<O>): Float64Array;
  /** Input elements that the kept outputs need as they are, ascending; the layer itself accounts for the rest. */
  keptInputs(keptOutputs: readonly number[], context: CompactionContext<O>): readonly number[];
  /** The layer over the kept elements alone, or `undefined` when it has become the identity. */
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
  /**
   * Shape of the output for an input shape.
   *
   * @throws Error when the layer cannot take that shape: "expects …, found …". The caller names the layer.
   */
  outputShape(options: z.output<S>, inputShape: readonly number[]): readonly number[];
  parameters(options: z.output<S>, inputShape: readonly number[]): readonly LayerParameter[];
  /** Adds the layer to a graph. `input` is `[batch, ...inputShape]`, float32. */
  forward(builder: GraphBuilder, input: Value, context: ForwardContext<z.output<S>>): Value;
  readonly compaction: Compaction<z.output<S>>;
}
