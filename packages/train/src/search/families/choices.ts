import { z } from 'zod';

/** A list of choices, each once. */
export function choicesOf<Value extends z.ZodType>(value: Value) {
  return z.array(value).min(1).readonly().check(distinct);
}

function distinct({ value, issues }: z.core.ParsePayload<readonly unknown[]>): void {
  const seen = new Set<string>();
  for (const text of value.map((each) => JSON.stringify(each))) {
    if (seen.has(text)) issues.push({ code: 'custom', input: value, message: `it lists ${text} twice` });
    seen.add(text);
  }
}

/** What every family has. */
export const commonChoices = {
  /** Learning rates. */
  rate: choicesOf(z.number().gt(0)),
  /** Steps per training, and between evaluations, where they are others than the search's. */
  iterations: z.int().min(1).exactOptional(),
  evaluateEvery: z.int().min(1).exactOptional(),
};

/** Sizes of the vocabulary. */
export const wordChoices = choicesOf(z.int().min(1).max(1_000_000));

/** Shares that drop out in training; 0 for none. */
export const dropoutChoices = choicesOf(z.number().min(0).lt(1));

/** Sizes of layers. */
export const sizeChoices = choicesOf(z.int().min(1).max(1_000_000));
