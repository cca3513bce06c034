import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';
import { branchIdSchema } from '../lottery/branches/branch.js';

const count = z.int().min(0);
const positive = z.int().min(1);

const point = z.object({
  /** Share of the way from the first copy to the second, 0 to 1. */
  alpha: z.number().min(0).max(1),
  /** Mean losses in nats, and shares of samples classified wrongly, 0 to 1. */
  trainLoss: z.number(),
  trainError: z.number().min(0).max(1),
  testLoss: z.number(),
  testError: z.number().min(0).max(1),
});

const cell = z.object({
  trial: positive,
  /** Whose masks prune the dense network. */
  branch: branchIdSchema,
  level: count,
  /** Step from which the copies see batches in different orders. */
  step: count,
  /** Share of the weights that survive, 0 to 1. */
  density: z.number().min(0).max(1),
  /** Along the line between the trained copies, both ends among them. */
  points: z.array(point).min(2),
  /** See `barrier`: over the training samples and over the test samples, in shares and in nats. */
  barriers: z.object({ trainError: z.number(), testError: z.number(), trainLoss: z.number() }),
  /** Euclidean distance of the trained copies, and how far each has come from where they parted. */
  distances: z.object({ apart: z.number().min(0), travelled: z.array(z.number().min(0)).length(2) }),
});

const overlapRow = z.object({
  level: count,
  density: z.number().min(0).max(1),
  trials: z.array(positive).length(2),
  shared: z.number().min(0).max(1),
  byChance: z.number().min(0).max(1),
});

const schema = z.object({
  schema: z.literal(1),
  /** The run whose tickets were looked at: its experiment's name, and the run's hash. */
  run: z.object({ name: z.string(), hash: z.string() }),
  options: z.object({
    trials: z.array(positive).min(1),
    branches: z.array(branchIdSchema).min(1),
    levels: z.array(count).min(1),
    /** None where masks alone were compared. */
    steps: z.array(count),
    points: z.int().min(2),
  }),
  /** Steps of each training, those before the copies part included. */
  iterations: positive,
  software: z.record(z.string(), z.string()),
  cells: z.array(cell),
  /** Of the iterative masks of each two trials, level by level. */
  overlaps: z.array(overlapRow),
});

/** What a stability analysis found. */
export type Stability = z.infer<typeof schema>;

/** One training in two copies. */
export type StabilityCell = Stability['cells'][number];

/** Reads a stability analysis. @throws Error with one sentence that names the source and what is wrong */
export function parseStability(json: unknown, source: string): Stability {
  return parse(schema, json, source);
}
