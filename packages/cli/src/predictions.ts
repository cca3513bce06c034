/** What a model makes of a sample: one class. */
export interface Prediction {
  readonly class: string;
  /** The class's number, from 0. */
  readonly index: number;
  /** 0 to 1; over all classes they add up to 1. */
  readonly probability: number;
}

/** All classes by falling probability. @param logits one per class, as the names */
export function predictionsOf(logits: Float32Array, classNames: readonly string[]): Prediction[] {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials
    .map((value, index) => ({ class: classNames[index] ?? `${index}`, index, probability: value / sum }))
    .sort((a, b) => b.probability - a.probability);
}
