import { stream } from '../rng.js';
import type { Run } from '../store/read-run.js';
import { bootstrapInterval } from './bootstrap.js';
import { type Claim, regionOf } from './claim.js';
import { type EstimatorName, type Interval, type Pair, estimators } from './estimators.js';
import { type MatchedLevel, type MatchedStages, nearestLevel } from './matched.js';
import { quantities } from './quantities.js';

export type ClaimOutcome = 'holds' | 'does not hold' | 'undecided';

/** An effect over all trials. */
export interface ClaimEstimate {
  readonly estimator: EstimatorName;
  readonly effect: number;
  /** 95 % interval by Student's t, which decides; null where there is none. */
  readonly interval: Interval | null;
  /** 95 % interval by the paired bootstrap, to compare; null where there is none. */
  readonly bootstrap: Interval | null;
}

/** What a run says of a claim. */
export interface ClaimResult {
  readonly claim: Claim;
  readonly outcome: ClaimOutcome;
  /** Why it is undecided; null when it is decided. */
  readonly reason: string | null;
  /** The level that was looked at, that of the nearest density; null where the run has none to compare. */
  readonly level: number | null;
  /** Its density, 0 to 1. */
  readonly density: number | null;
  /** Trials compared. */
  readonly trials: number;
  /** That of the claim's estimator first; behind it, where that is a ratio, the other ratio. */
  readonly estimates: readonly ClaimEstimate[];
}

/** A density further away than by this factor says nothing of the claimed one. */
const furthest = 2;

/**
 * Holds a claim against a run's finished stages: by Student's interval over its trials, each compared with itself.
 * It holds where the whole interval lies where the claim says, does not hold where none of it does, and is undecided
 * where the interval contains a boundary, fewer than two trials can be compared, or a training was cut off before its
 * early stop was known (its validation loss was least at the last step) and that is what the claim is about.
 */
export function evaluateClaim(run: Pick<Run, 'experiment' | 'stages'>, claim: Claim): ClaimResult {
  const found = nearestLevel(run.stages, claim);
  if (!found)
    return nothingFound(claim, null, `no trial has ${claim.branch} and ${claim.against} to compare`);
  if (Math.abs(Math.log(found.density / claim.density)) > Math.log(furthest)) {
    return nothingFound(claim, found, 'no such density was trained: the nearest is too far away');
  }
  const pairs = found.matched.flatMap((matched) => pairOf(matched, claim));
  const estimates = pairs.length === 0 ? [] : estimatesOf(pairs, claim, run.experiment.seed);
  const reason = obstacle(found.matched, pairs, claim);
  return {
    claim,
    ...(reason === undefined ? decide(estimates[0]?.interval ?? null, claim) : undecided(reason)),
    level: found.level,
    density: found.density,
    trials: pairs.length,
    estimates,
  };
}

/** @see evaluateClaim */
export function evaluateClaims(
  run: Pick<Run, 'experiment' | 'stages'>,
  claims: readonly Claim[],
): ClaimResult[] {
  return claims.map((claim) => evaluateClaim(run, claim));
}

/** Why nothing can be decided, whatever the interval; undefined when it can. */
function obstacle(
  matched: readonly MatchedStages[],
  pairs: readonly Pair[],
  { quantity }: Claim,
): string | undefined {
  if (pairs.length < matched.length) return `${quantity} was not measured in every trial`;
  if (pairs.length < 2) return 'one trial has no interval';
  const cutOff = matched.filter(({ stage, reference }) => [stage, reference].some(endsAtLeastLoss)).length;
  return quantity === 'early-stop-iteration' && cutOff > 0
    ? `in ${cutOff} of ${matched.length} trials an early stop may lie beyond the last step`
    : undefined;
}

function decide(interval: Interval | null, claim: Claim): Pick<ClaimResult, 'outcome' | 'reason'> {
  if (!interval) return undecided('the ratio has no interval');
  const { low, high } = regionOf(claim);
  if (interval.low > low && interval.high < high) return { outcome: 'holds', reason: null };
  if (interval.high < low || interval.low > high) return { outcome: 'does not hold', reason: null };
  return undecided('the interval contains the boundary');
}

function undecided(reason: string): Pick<ClaimResult, 'outcome' | 'reason'> {
  return { outcome: 'undecided', reason };
}

function estimatesOf(pairs: readonly Pair[], claim: Claim, seed: number): ClaimEstimate[] {
  const ratios = ['ratio-of-means', 'mean-of-ratios'] as const;
  const others = claim.estimator === 'difference' ? [] : ratios.filter((name) => name !== claim.estimator);
  return [claim.estimator, ...others].map((estimator) => {
    const { effect, interval } = estimators[estimator];
    return {
      estimator,
      effect: effect(pairs),
      interval: interval(pairs) ?? null,
      bootstrap:
        bootstrapInterval(pairs, effect, stream(seed, 'claims', claim.id, estimator, 'bootstrap')) ?? null,
    };
  });
}

function pairOf({ stage, reference }: MatchedStages, { quantity }: Claim): Pair[] {
  const value = quantities[quantity](stage.metrics.best);
  const other = quantities[quantity](reference.metrics.best);
  return value === undefined || other === undefined ? [] : [{ value, reference: other }];
}

function endsAtLeastLoss({ metrics, iterations }: MatchedStages['stage']): boolean {
  return metrics.best.iteration === iterations;
}

function nothingFound(claim: Claim, found: MatchedLevel | null, reason: string): ClaimResult {
  return {
    claim,
    ...undecided(reason),
    level: found?.level ?? null,
    density: found?.density ?? null,
    trials: 0,
    estimates: [],
  };
}
