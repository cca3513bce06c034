import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';
import { branchIdSchema } from '../lottery/branches/branch.js';
import { estimatorNames } from './estimators.js';
import { quantityNames } from './quantities.js';

const claimSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    statement: z.string().min(1).max(500),
    where: z.string().min(1).max(200),
    quantity: z.enum(quantityNames),
    branch: branchIdSchema.default('iterative'),
    density: z.number().gt(0).max(1),
    against: z.union([z.literal('dense'), branchIdSchema]),
    estimator: z.enum(estimatorNames),
    direction: z.enum(['above', 'below', 'within']),
    boundary: z.number(),
    tolerance: z.number().min(0).default(0),
  })
  .refine(({ branch, against }) => branch !== against, 'a branch is compared with another one')
  .refine(
    ({ direction, tolerance }) => direction !== 'within' || tolerance > 0,
    "'within' needs a tolerance above 0",
  );

const claimsSchema = z.strictObject({
  source: z.string().min(1).max(500),
  claims: z
    .array(claimSchema)
    .min(1)
    .max(1000)
    .refine((claims) => new Set(claims.map(({ id }) => id)).size === claims.length, 'every id is there once'),
});

/**
 * A sentence of a paper as a check: at a density, a quantity of `branch`, compared with that of `against` by an estimator,
 * is above or below `boundary`, or within `tolerance` of it.
 *
 * `density` is a share, 0 to 1. `against` is the dense network of the same trial, or another branch of the same trial and
 * level. `boundary` and `tolerance` have the quantity's unit for a difference, and none for a ratio. For `above` and
 * `below` the tolerance (default 0) moves the boundary in the claim's favour.
 */
export type Claim = z.output<typeof claimSchema>;

/** The claims of one source. */
export type Claims = z.output<typeof claimsSchema>;

/**
 * Checks a file of claims and fills in its defaults.
 *
 * @param source what messages call the file
 * @throws Error with one sentence.
 */
export function parseClaims(json: unknown, source: string): Claims {
  return parse(claimsSchema, json, source);
}

/** Where an effect must lie for a claim to hold. */
export function regionOf({ direction, boundary, tolerance }: Claim): { low: number; high: number } {
  return {
    low: direction === 'below' ? -Infinity : boundary - tolerance,
    high: direction === 'above' ? Infinity : boundary + tolerance,
  };
}
