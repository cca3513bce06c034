import type { StageManifest } from '../store/stage.js';
import type { Claim } from './claim.js';

/** Two finished trainings of one trial that a claim compares. */
export interface MatchedStages {
  readonly stage: StageManifest;
  readonly reference: StageManifest;
}

/** The level at which a claim is looked at. */
export interface MatchedLevel {
  readonly level: number;
  /** Share of the weights that survive there, 0 to 1. */
  readonly density: number;
  /** One entry a trial that has both trainings, in the order of the stages. */
  readonly matched: readonly MatchedStages[];
}

/**
 * Of the levels at which some trial has both trainings, the one whose density is nearest to the claim's, by ratio, since
 * densities go down by factors. Undefined where there is none.
 */
export function nearestLevel(stages: readonly StageManifest[], claim: Claim): MatchedLevel | undefined {
  const subjects = stages.filter(({ branch, level }) => branch === claim.branch && level > 0);
  const pairs = subjects.flatMap((stage) => {
    const reference = referenceOf(stage, stages, claim);
    return reference ? [{ stage, reference }] : [];
  });
  const distance = ({ stage }: MatchedStages) => Math.abs(Math.log(stage.density / claim.density));
  const nearest = pairs.reduce<MatchedStages | undefined>(
    (best, pair) => (best === undefined || distance(pair) < distance(best) ? pair : best),
    undefined,
  );
  if (!nearest) return undefined;
  const { level, density } = nearest.stage;
  return { level, density, matched: pairs.filter(({ stage }) => stage.level === level) };
}

function referenceOf(
  { trial, level }: StageManifest,
  stages: readonly StageManifest[],
  { against }: Claim,
): StageManifest | undefined {
  const [branch, at] = against === 'dense' ? (['iterative', 0] as const) : ([against, level] as const);
  return stages.find((one) => one.trial === trial && one.branch === branch && one.level === at);
}
