import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';

/** What was measured at one point of a training. */
export interface EvaluationRecord {
  /** Steps done. */
  readonly iteration: number;
  /** Mean cross-entropy of the validation samples, nats. */
  readonly validationLoss: number;
  /** Share of the validation samples classified correctly, 0 to 1. */
  readonly validationAccuracy: number;
  /** See `Agreement`; runs from before these were measured have none. */
  readonly validationMacroF1?: number;
  readonly validationMicroF1?: number;
  /** Mean of the batch losses of the steps since the last evaluation, nats. */
  readonly trainingLoss: number;
}

/** The course of one training, as `history.json` holds it. */
export interface History {
  readonly schema: 1;
  /** In the order of their iterations. */
  readonly evaluations: readonly EvaluationRecord[];
}

const historySchema = z.object({
  schema: z.literal(1),
  evaluations: z.array(
    z.object({
      iteration: z.int().min(0),
      validationLoss: z.number(),
      validationAccuracy: z.number(),
      validationMacroF1: z.number().exactOptional(),
      validationMicroF1: z.number().exactOptional(),
      trainingLoss: z.number(),
    }),
  ),
});

/** Reads a history. @throws Error with one sentence that names the source and what is wrong. */
export function parseHistory(json: unknown, source: string): History {
  return parse(historySchema, json, source);
}

/** The iterations at which a training is evaluated: every multiple of `every`, and the last one. */
export function evaluationIterations(iterations: number, every: number): readonly number[] {
  const multiples = Array.from({ length: Math.floor(iterations / every) }, (_, index) => (index + 1) * every);
  return multiples.at(-1) === iterations ? multiples : [...multiples, iterations];
}

/**
 * The evaluation of lowest validation loss, the earliest if several are equal: the paper's early-stopping point.
 * Undefined when there are no evaluations.
 */
export function bestEvaluation(evaluations: readonly EvaluationRecord[]): EvaluationRecord | undefined {
  return evaluations.reduce<EvaluationRecord | undefined>(
    (best, evaluation) => (best && best.validationLoss <= evaluation.validationLoss ? best : evaluation),
    undefined,
  );
}
