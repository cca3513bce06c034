import type { Stream } from '../../rng.js';

/** What survives or goes as one: a weight, a unit or filter with all its incoming weights, an input with all it feeds. */
export type PrunedItems = 'weights' | 'units' | 'inputs';

/** The weights of one parameter, as far as a criterion may look at them; arrays of one length. */
export interface ScoredWeights {
  /** At the end of training. */
  readonly trained: Float32Array;
  /** Before the first step. */
  readonly initial: Float32Array;
  /** A stream of this parameter, trial and level. */
  readonly random: Stream;
}

/** What weights survive by. A new one is a file beside this one and a line in `registry.ts`. */
export interface Criterion {
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  readonly items: PrunedItems;
  /**
   * A score for every weight, float32; the largest survive. Of items of several weights the scores are added up as the
   * root of the sum of their squares.
   */
  readonly scores: (weights: ScoredWeights) => Float32Array;
}
