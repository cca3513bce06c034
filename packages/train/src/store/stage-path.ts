import { join } from 'node:path';
import { branchIdSchema } from '../lottery/branches/branch.js';
import type { Stage } from '../lottery/stages.js';

/** A stage in words, the same for equal keys: `trial 1, iterative, level 3`. */
export function stageLabel({ trial, branch, level }: Stage): string {
  return `trial ${trial}, ${branch}, level ${level}`;
}

/** Where a stage's files lie: `<run>/trial-<n>/<branch>/level-<k>`. */
export function stageFolder(run: { readonly folder: string }, { trial, branch, level }: Stage): string {
  return join(run.folder, `trial-${trial}`, branch, `level-${level}`);
}

/** The stage that a path relative to a run's folder names; undefined for any other path. */
export function stageOfPath(segments: readonly string[]): Stage | undefined {
  const [trialFolder = '', branchFolder, levelFolder = '', ...rest] = segments;
  const trial = /^trial-([1-9]\d*)$/.exec(trialFolder)?.[1];
  const branch = branchIdSchema.safeParse(branchFolder).data;
  const level = /^level-(0|[1-9]\d*)$/.exec(levelFolder)?.[1];
  if (trial === undefined || branch === undefined || level === undefined || rest.length > 0) return undefined;
  return { trial: Number(trial), branch, level: Number(level) };
}
