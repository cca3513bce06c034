import type { Claim } from '../../src/claims/claim.js';
import type { StageManifest } from '../../src/store/stage.js';
import { resultOf } from '../support/stages.js';

/** A claim that a ticket of half of the weights is more accurate than the dense network. */
export function claimOf(changes: Partial<Claim> = {}): Claim {
  return {
    id: 'more-accurate',
    statement: 'A ticket is more accurate.',
    where: 'section 2',
    quantity: 'test-accuracy',
    branch: 'iterative',
    density: 0.5,
    against: 'dense',
    estimator: 'difference',
    direction: 'above',
    boundary: 0,
    tolerance: 0,
    ...changes,
  };
}

/** A finished stage of 100 steps. */
export function stageOf(
  facts: Pick<StageManifest, 'trial' | 'branch' | 'level' | 'density'> & {
    readonly accuracy?: number;
    readonly iteration?: number;
  },
): StageManifest {
  const { accuracy = 0.9, iteration = 50, density, ...stage } = facts;
  const { manifest } = resultOf(stage);
  const best = { ...manifest.metrics.best, testAccuracy: accuracy, iteration };
  return { ...manifest, density, metrics: { ...manifest.metrics, best } };
}
