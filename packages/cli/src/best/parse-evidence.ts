import { z } from 'zod';

const micros = z.number().nonnegative();

/** An array that nobody changes. */
const list = <T extends z.ZodType>(element: T) => z.array(element).readonly();

const measuredBatch = z.object({
  batch: z.int().positive(),
  latencyMicros: z.object({ p50: micros, p95: micros, p99: micros, mean: micros }),
  ratioToDense: z.object({ ratio: z.number(), low: z.number(), high: z.number() }).nullable(),
  verdict: z.enum(['faster', 'slower', 'same']).nullable(),
});

const measuredRun = z.looseObject({
  startedAt: z.string(),
  environment: z.looseObject({ cpu: z.string(), os: z.string(), onnxruntime: z.string() }),
  models: list(
    z.object({
      name: z.string(),
      encoding: z.string(),
      bytes: z.int(),
      inputForm: z.string(),
      batches: list(measuredBatch),
    }),
  ),
  warnings: list(z.string()),
});

const evidence = z.object({
  schema: z.literal(1),
  kind: z.literal('best-encoding'),
  ticket: z.string(),
  best: list(
    z.object({
      batch: z.int().positive(),
      file: z.string(),
      name: z.string(),
      encoding: z.string(),
      beatsDense: z.boolean(),
      reported: measuredBatch.nullable(),
    }),
  ),
  leftOut: list(z.object({ encoding: z.string(), reason: z.string() })),
  chosenIn: measuredRun,
  reportedIn: measuredRun,
});

/** What is shown of the evidence that an export with `--encoding best` leaves; a `BestEvidence` is one. */
export type ShownEvidence = z.infer<typeof evidence>;

/** Whether JSON says that it is such evidence. */
export function isBestEvidence(json: unknown): boolean {
  return z.object({ kind: z.literal('best-encoding') }).safeParse(json).success;
}

/**
 * The evidence from the contents of its JSON file.
 *
 * @throws Error in one sentence, naming the source and the first key that does not fit.
 */
export function parseBestEvidence(json: unknown, source: string): ShownEvidence {
  const parsed = evidence.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at '${issue.path.join('.')}'` : '';
  throw new Error(
    `${source}: not the evidence of a best encoding${where}: ${issue?.message ?? 'unreadable'}.`,
  );
}
