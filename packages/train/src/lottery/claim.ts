import { type Lock, acquire } from '../store/lock.js';
import { stageFolder, stageLabel } from '../store/stage-path.js';
import { readStage } from '../store/stage.js';
import { branchOf } from './branches/branches.js';
import type { Stage } from './stages.js';

/** The stages that must be finished before a stage can start: those that its branch needs. */
export function dependenciesOf({ trial, branch, level }: Stage): Stage[] {
  return branchOf(branch)
    .needs(level)
    .map((needed) => ({ trial, ...needed }));
}

/** How `claimNext` chooses. */
export interface ClaimOptions {
  /** The trial whose stages come first, so that workers spread over the trials: worker w of n, `1 + w % trials`. */
  readonly preferTrial?: number;
  /** Which of the stages that can start are considered. Default: all. */
  readonly only?: (key: Stage) => boolean;
  /** Default `dependenciesOf`. */
  readonly depsOf?: (key: Stage) => readonly Stage[];
  /** Whether a stage is finished. Default: its manifest is there. */
  readonly done?: (key: Stage) => Promise<boolean>;
}

/** A stage that is the caller's to train until it releases the lock. */
export interface ClaimedStage {
  readonly key: Stage;
  readonly lock: Lock;
}

/**
 * Claims the first stage that is unfinished, whose dependencies are finished and that nobody else works on.
 *
 * The preferred trial's stages come first, then the next trials' in a circle; within a trial the iterative
 * branch comes first, so that the ladder goes on while others train its controls, then the plan's order.
 *
 * @returns 'finished' when all stages are, 'wait' when others work on all that can be done now
 * @throws Error when unfinished stages wait for stages that are not in the plan
 */
export async function claimNext(
  run: { readonly folder: string },
  plan: readonly Stage[],
  options: ClaimOptions = {},
): Promise<ClaimedStage | 'wait' | 'finished'> {
  const {
    preferTrial = 1,
    only = () => true,
    depsOf = dependenciesOf,
    done = async (key: Stage) => (await readStage(run, key)) !== undefined,
  } = options;
  const finished = new Map<string, boolean>();
  for (const key of [...plan, ...plan.flatMap(depsOf)]) {
    if (!finished.has(stageLabel(key))) finished.set(stageLabel(key), await done(key));
  }
  const isFinished = (key: Stage) => finished.get(stageLabel(key)) === true;
  const unfinished = plan.filter((key) => !isFinished(key));
  const [first] = unfinished;
  if (!first) return 'finished';
  const ready = unfinished.filter((key) => depsOf(key).every(isFinished));
  if (ready.length === 0)
    throw new Error(
      stuck(
        first,
        depsOf(first).find((key) => !isFinished(key)),
      ),
    );
  for (const key of inOrder(ready.filter(only), preferTrial)) {
    const claimed = await claimUnfinished(run, key, done);
    if (claimed) return claimed;
  }
  return 'wait';
}

async function claimUnfinished(
  run: { readonly folder: string },
  key: Stage,
  done: (key: Stage) => Promise<boolean>,
): Promise<ClaimedStage | undefined> {
  const lock = await acquire(stageFolder(run, key));
  if (!lock) return undefined;
  // Another process may have finished the stage between the first look and the lock.
  let finished = true;
  try {
    finished = await done(key);
  } finally {
    if (finished) await lock.release();
  }
  return finished ? undefined : { key, lock };
}

/** By trial, the preferred one first and then in a circle; the iterative branch first within each. */
function inOrder(stages: readonly Stage[], preferTrial: number): Stage[] {
  const rank = ({ trial, branch }: Stage) => [
    trial < preferTrial ? 1 : 0,
    trial,
    branch === 'iterative' ? 0 : 1,
  ];
  return stages
    .map((stage) => ({ stage, rank: rank(stage) }))
    .toSorted((a, b) => firstDifference(a.rank, b.rank))
    .map(({ stage }) => stage);
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, position) => value !== b[position]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function stuck(key: Stage, needed: Stage | undefined): string {
  return (
    `${stageLabel(key)} waits for ${needed ? stageLabel(needed) : 'itself'}, which no planned stage can provide: ` +
    'add it to the experiment'
  );
}
