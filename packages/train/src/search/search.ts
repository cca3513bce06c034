import { createHash } from 'node:crypto';
import { describeDataset } from '@winning-tickets/datasets';
import { canonicalJson, parse } from '@winning-tickets/ticket';
import { z } from 'zod';
import type { Experiment } from '../experiment.js';
import { type OptimizerSpec, parseOptimizer } from '../optimizers/optimizer.js';
import { cnnDesigns, cnnSchema } from './families/cnn.js';
import type { Design, FamilyContext, FamilyName } from './families/family.js';
import { familyNames } from './families/family.js';
import { ffnnDesigns, ffnnSchema } from './families/ffnn.js';
import { linearDesigns, linearSchema } from './families/linear.js';

const familySchemas = {
  linear: linearSchema.exactOptional(),
  ffnn: ffnnSchema.exactOptional(),
  cnn: cnnSchema.exactOptional(),
};

const searchSchema = z.strictObject({
  // It becomes part of a folder's name, behind `search-`.
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,56}$/),
  dataset: z.strictObject({
    id: z.string().min(1),
    directory: z.string().min(1).exactOptional(),
    validation: z.int().min(1).default(5000),
    splitSeed: z.int().min(0).default(0),
  }),
  // Checked on its own, by what its kind asks for.
  optimizer: z.unknown(),
  threads: z.int().min(1).default(1),
  batchSize: z.int().min(1),
  iterations: z.int().min(1),
  evaluateEvery: z.int().min(1),
  seed: z.int().min(0),
  families: z.strictObject(familySchemas),
  budget: z.strictObject({
    candidates: z.int().min(1).max(10_000),
    trials: z.int().min(1).max(1000).default(1),
  }),
});

type WithoutRate<Spec> = Spec extends unknown ? Omit<Spec, 'rate'> : never;

/** A search with every default filled in: which networks may be tried, how they are trained, and how many of them. */
export interface Search {
  /** Name of the search's folder. Has no bearing on the results. */
  readonly name: string;
  /** As in an experiment; how text is read belongs to the families. */
  readonly dataset: Omit<Experiment['dataset'], 'text'>;
  /** The optimizer without its learning rate, which the families choose. */
  readonly optimizer: WithoutRate<OptimizerSpec>;
  readonly threads: number;
  readonly batchSize: number;
  /** Steps per training, for families that have no number of their own. */
  readonly iterations: number;
  /** Steps between evaluations, for families that have no number of their own. */
  readonly evaluateEvery: number;
  /** What the drawing and all randomness of all trainings derive from. */
  readonly seed: number;
  /** The choices of each family, as lists. */
  readonly families: Readonly<z.output<typeof searchSchema>['families']>;
  readonly budget: {
    /** How many candidates are drawn, over all families. */
    readonly candidates: number;
    /** Trainings of each candidate, from different seeds. Default 1. */
    readonly trials: number;
  };
}

/**
 * Validates a search read from a file and fills in its defaults.
 *
 * @param source where it was read, as errors name it
 * @throws Error with one sentence that names the source, the key, what was found and what was expected.
 */
export function parseSearch(json: unknown, source: string): Search {
  const { optimizer, ...rest } = parse(searchSchema, json, source);
  const search = { ...rest, optimizer: withoutRate(optimizer, `${source}: optimizer`) };
  // Says what is wrong with the families.
  familyDesigns(search, source);
  return search;
}

/**
 * Every combination of each family's choices, family by family, in the order of the file's lists.
 *
 * @throws Error with one sentence when a family does not fit the data set, has too many combinations, or there is none.
 */
export function familyDesigns(search: Search, source: string): ReadonlyMap<FamilyName, readonly Design[]> {
  const { families, dataset, iterations, evaluateEvery } = search;
  const { id, kind } = describeDataset(dataset.id);
  const context = (family: FamilyName): FamilyContext => ({
    dataset: { id, kind },
    ...{ iterations, evaluateEvery },
    where: `${source}: families.${family}`,
  });
  const { linear, ffnn, cnn } = families;
  const designs = new Map<FamilyName, readonly Design[]>();
  if (linear) designs.set('linear', linearDesigns(linear, context('linear')));
  if (ffnn) designs.set('ffnn', ffnnDesigns(ffnn, context('ffnn')));
  if (cnn) designs.set('cnn', cnnDesigns(cnn, context('cnn')));
  if (designs.size > 0) return designs;
  throw new Error(`${source}: 'families' is empty: give at least one of ${familyNames.join(', ')}`);
}

/**
 * Twelve hex digits that stand for everything that determines the candidates and their results. The name, the data's
 * folder and the budget are left out: with a larger budget a search goes on in the same folder.
 *
 * @param datasetChecksum SHA-256 of the data set's files, hex
 */
export function searchHash(search: Search, datasetChecksum: string): string {
  const { name: _, budget: __, dataset, ...rest } = search;
  const { directory: ___, ...division } = dataset;
  return createHash('sha256')
    .update(canonicalJson({ dataset: datasetChecksum, search: { ...rest, dataset: division } }))
    .digest('hex')
    .slice(0, 12);
}

/** Any rate will do for the check of the other keys. */
const someRate = 1;

function withoutRate(value: unknown, where: string): Search['optimizer'] {
  const given: object = typeof value === 'object' && value !== null ? value : {};
  if ('rate' in given) {
    throw new Error(
      `${where}: 'rate' is chosen by the families: remove it, and give each family a list 'rate'`,
    );
  }
  const { rate: _, ...rest } = parseOptimizer({ ...given, rate: someRate }, where);
  return rest;
}
