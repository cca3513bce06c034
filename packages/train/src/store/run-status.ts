import { stagesOf, type Stage } from '../lottery/stages.js';
import { findRun, type RunFolder } from '../run-store.js';
import { type Failure, readFailure } from './failure.js';
import { lockHolder } from './lock.js';
import { stageFolder } from './stage-path.js';
import { readStage } from './stage.js';

/** A stage as it stands. */
export interface StageStatus extends Stage {
  /** `waiting`: not begun, or interrupted; it is trained when its run goes on. */
  readonly state: 'done' | 'running' | 'failed' | 'waiting';
  /** Of one that is running: by whom, in words. */
  readonly holder?: string;
  /** Of one that failed. */
  readonly failure?: Failure;
  /** Of one that is done: wall time of its training. */
  readonly seconds?: number;
}

/** A run as it stands, stage by stage. */
export interface RunStatus extends RunFolder {
  /** In the order of `stagesOf`. */
  readonly stages: readonly StageStatus[];
  /**
   * Until all stages are done at the pace of those that are, with as many at a time as run now; undefined where none is
   * done or nobody works. Failed ones count as still to do.
   */
  readonly secondsLeft: number | undefined;
}

/** How far a run is. Also works while it is running. @throws Error when the folder is not a run, or a file is damaged */
export async function runStatus(folder: string): Promise<RunStatus> {
  const run = await findRun(folder);
  const stages: StageStatus[] = [];
  for (const key of stagesOf(run.experiment)) stages.push(await stageStatus(run, key));
  return { ...run, stages, secondsLeft: secondsLeft(stages) };
}

async function stageStatus(run: RunFolder, key: Stage): Promise<StageStatus> {
  const manifest = await readStage(run, key);
  if (manifest) return { ...key, state: 'done', seconds: manifest.seconds };
  const holder = await lockHolder(stageFolder(run, key));
  if (holder !== undefined) return { ...key, state: 'running', holder };
  const failure = await readFailure(run, key);
  return failure ? { ...key, state: 'failed', failure } : { ...key, state: 'waiting' };
}

/** See `RunStatus`. */
export function secondsLeft(stages: readonly StageStatus[]): number | undefined {
  const done = stages.flatMap(({ seconds }) => seconds ?? []);
  const running = stages.filter(({ state }) => state === 'running').length;
  const left = stages.length - done.length;
  if (left === 0) return 0;
  if (done.length === 0 || running === 0) return undefined;
  const mean = done.reduce((sum, seconds) => sum + seconds, 0) / done.length;
  return (mean * left) / running;
}
