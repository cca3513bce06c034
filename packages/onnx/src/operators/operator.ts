import type { GraphBuilder } from '../builder.js';
import type { Attributes, Dimension, Node, Value } from '../graph.js';
import type { DType, Tensor } from '../tensor.js';

/** What the shape rule of an operator sees. */
export interface InferContext {
  readonly op: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  /** The contents of an input that is a constant of the graph. */
  constant(index: number): Tensor | undefined;
}

/** What an operator's output is: all but its name. */
export interface OutputType {
  readonly dtype: DType;
  readonly shape: readonly Dimension[];
}

/** What the gradient rule of an operator sees: one call of it, and the gradients of its outputs. */
export interface GradientContext {
  /** Where the rule adds its nodes. */
  readonly builder: GraphBuilder;
  readonly node: Node;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  /** Gradient of the differentiated value with respect to each output; `undefined` where none flows. */
  readonly gradients: readonly (Value | undefined)[];
  /** Which inputs a gradient is wanted for; a rule may skip the others. */
  readonly wanted: readonly boolean[];
}

/** What the stacking rule of an operator sees: as many calls of it as the stack has members. */
export interface StackContext {
  /** Where the rule adds its nodes. */
  readonly builder: GraphBuilder;
  readonly node: Node;
  /** Members of the stack. */
  readonly members: number;
  /** Those that are stacked have a leading axis `members`; the others are the same for all. At least one is stacked. */
  readonly inputs: readonly (Stacked | undefined)[];
}

/** An input of stacked calls. */
export interface Stacked {
  readonly value: Value;
  readonly stacked: boolean;
  /** The rank that it has for one member. */
  readonly rank: number;
}

/**
 * One ONNX operator: how its outputs' dtypes and shapes follow from its inputs, and how a gradient passes back.
 *
 * A gradient rule is written in operators that have rules themselves, so that a gradient can be differentiated
 * again.
 */
export interface Operator {
  readonly op: string;
  /** Dtypes the operator is used with here and that the CPU provider has a kernel for. */
  readonly dtypes: readonly DType[];
  /** Execution providers of ONNX Runtime with a kernel for it. */
  readonly providers: readonly Provider[];
  /** @throws Error when dtypes or shapes do not fit, naming the operator and what was found. */
  infer(context: InferContext): OutputType[];
  /**
   * Gradients for the inputs, in their order. `'none'`: the operator is not differentiable (its outputs are
   * constants to differentiation). Left out: there is no rule, and needing one is an error.
   */
  readonly gradient?: ((context: GradientContext) => (Value | undefined)[]) | 'none';
  /**
   * Computes many calls at once, stacked along a leading axis: gives the stacked outputs. Left out: graphs with the
   * operator do not stack.
   */
  readonly stack?: (context: StackContext) => Value[];
}

export type Provider = 'cpu' | 'cuda' | 'webgpu';
