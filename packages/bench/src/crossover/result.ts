import { z } from 'zod';
import { environmentSchema, providerSchema, ratioSchema } from '../result.js';

const share = z.number().positive().max(1);

const cell = z.object({
  /** Inputs and units of the hidden layer. */
  width: z.int().positive(),
  /** Share of its weights that survive. */
  density: share,
  batch: z.int().positive(),
  /** What the pruned layer is written as: an encoding, with what was pruned where that is not single weights. */
  encoding: z.string(),
  /**
   * To the unpruned dense layer of the same width, which was timed in turn with it. Of several masks the interval is over
   * masks, of one over its blocks.
   */
  ratio: ratioSchema,
  verdict: z.enum(['faster', 'slower', 'same']),
  /** Ratios of each drawn mask alone; none in maps of one mask that were measured before there could be several. */
  maskRatios: z.array(z.number().positive()).default([]),
  /** Medians of a call. */
  micros: z.number().nonnegative(),
  denseMicros: z.number().nonnegative(),
});

const crossover = z.object({
  schema: z.literal(1),
  /** ISO 8601. */
  startedAt: z.string(),
  environment: environmentSchema,
  options: z.object({
    provider: providerSchema,
    widths: z.array(z.int().positive()).min(1),
    densities: z.array(share).min(1),
    batches: z.array(z.int().positive()).min(1),
    repeats: z.int(),
    blockMillis: z.number(),
    threads: z.int(),
    seed: z.int(),
    /** Masks that were drawn for each case; the repeats were divided among them. */
    seeds: z.int().positive().default(1),
  }),
  /** In the order in which they were measured. */
  cells: z.array(cell),
});

/** Where pruned layers begin to be faster than dense ones, as measured; plain JSON. */
export type Crossover = z.infer<typeof crossover>;
export type CrossoverCell = z.infer<typeof cell>;

/**
 * A crossover map from the contents of its JSON file.
 *
 * @throws Error in one sentence when it is none, naming the source and the first key that does not fit.
 */
export function parseCrossover(json: unknown, source: string): Crossover {
  const parsed = crossover.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at '${issue.path.join('.')}'` : '';
  throw new Error(`${source}: not a crossover map${where}: ${issue?.message ?? 'unreadable'}.`);
}
