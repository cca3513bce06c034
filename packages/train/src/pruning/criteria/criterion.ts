import type { GraphBuilder, Tensor, Value } from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import type { Stream } from '../../rng.js';

/** What survives or goes as one: a weight, a unit or filter with all its incoming weights, an input with all it feeds. */
export type PrunedItems = 'weights' | 'units' | 'inputs';

/** What weights survive by. A new one is a file beside this one and a line in `registry.ts`. */
export type Criterion = TrainedCriterion | InitialCriterion;

interface Named {
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
}

/** A criterion that looks at weights after a training. */
export interface TrainedCriterion extends Named {
  readonly at: 'end';
  readonly items: PrunedItems;
  /**
   * A score for every weight of one parameter, float32; the largest survive. Of items of several weights the scores are
   * added up as the root of the sum of their squares.
   */
  readonly scores: (weights: ScoredWeights) => Float32Array;
}

/** The weights of one parameter, as far as a criterion may look at them; arrays of one length. */
export interface ScoredWeights {
  /** At the end of training. */
  readonly trained: Float32Array;
  /** Before the first step. */
  readonly initial: Float32Array;
  /** A stream of this parameter, trial and level. */
  readonly random: Stream;
}

/** A criterion that looks at a network before its first step: at its initial weights, and what they do. */
export interface InitialCriterion extends Named {
  readonly at: 'initialization';
  readonly items: 'weights';
  /** Times that scores are computed on the way to a level, each pruning the same share of what is left. */
  readonly rounds: number;
  /** Why it cannot score a network, as the end of a sentence about the network; undefined where it can. */
  readonly refuses?: (network: Network) => string | undefined;
  /**
   * Adds nodes that compute the scores of all weights to a graph: per prunable parameter one of its shape, float32. The
   * largest survive; what weights have that were pruned before does not matter.
   */
  readonly scores: (network: ScoredNetwork) => Readonly<Record<string, Value>>;
}

/** A network at its initial weights, in a graph. */
export interface ScoredNetwork {
  readonly builder: GraphBuilder;
  readonly network: Network;
  /** The prunable parameters by name: what scores are differentiated by. A pruned weight is zero, and so is its derivative. */
  readonly weights: Readonly<Record<string, Value>>;
  /** All parameters and buffers by name, as `forward` takes them; those of `weights` masked. */
  readonly values: Readonly<Record<string, Value>>;
  /** Draws training samples, ten for each class, from all of them. Others at every level, the same in all rounds. */
  readonly samples: () => ScoringSamples;
  /** Adds an int64 scalar, what the randomness inside layers derives from in a pass as in training. */
  readonly seed: () => Value;
}

/** Samples as a network takes them. */
export interface ScoringSamples {
  /** `[samples, ...input shape]`: scaled float32, or indices. */
  readonly input: Tensor<'float32'> | Tensor<'int32'>;
  /** `[samples]` int32, or `[samples, classes]` uint8. */
  readonly labels: Tensor<'int32'> | Tensor<'uint8'>;
}
