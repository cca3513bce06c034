/** A class and what a model makes of it in a sample. */
export interface Prediction {
  readonly class: string;
  /** The class's number, from 0. */
  readonly index: number;
  /** 0 to 1; over all classes they add up to 1 where a sample has one class. */
  readonly probability: number;
}

/**
 * All classes by falling probability.
 *
 * @param logits one per class, as the names.
 * @param labels whether a sample has one class (softmax) or any number of them (the sigmoid of each).
 */
export function predictionsOf(
  logits: Float32Array,
  classNames: readonly string[],
  labels: 'class' | 'set' = 'class',
): Prediction[] {
  const probabilities = labels === 'class' ? softmax(logits) : Array.from(logits, sigmoid);
  return probabilities
    .map((probability, index) => ({ class: classNames[index] ?? `${index}`, index, probability }))
    .sort((a, b) => b.probability - a.probability);
}

function softmax(logits: Float32Array): number[] {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
