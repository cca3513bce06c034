import type { ReportRun, ReportStage } from './input.js';
import { type ByTrial, mean } from './statistics.js';

/** The finished stages of one branch at one level: one per trial. */
export interface Level {
  readonly level: number;
  /** Mean over the trials, 0 to 1. */
  readonly density: number;
  /** In the order of their trials. */
  readonly stages: readonly ReportStage[];
}

/** A branch with its levels from the dense network down. */
export interface BranchLevels {
  readonly branch: string;
  readonly levels: readonly Level[];
}

/** The main branch. */
export const iterative = 'iterative';

const labels = new Map([
  [iterative, 'iterative ticket'],
  ['random-reinit', 'random reinitialisation'],
  ['random-mask', 'random mask'],
  ['one-shot', 'one-shot ticket'],
  ['shuffled-mask', 'shuffled mask'],
  ['transferred', 'transferred ticket'],
]);

/** What a branch is called in plots and tables. */
export function branchLabel(branch: string): string {
  return labels.get(branch) ?? branch;
}

/** A run's finished stages by branch and level: the iterative branch first, then the controls in a fixed order. */
export function branchesOf(run: ReportRun): readonly BranchLevels[] {
  const order = [...labels.keys(), ...run.experiment.branches.map(({ kind }) => kind)];
  const rank = (branch: string) => (order.includes(branch) ? order.indexOf(branch) : order.length);
  const branches = [...new Set(run.stages.map(({ branch }) => branch))].sort(
    (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
  );
  return branches.map((branch) => ({ branch, levels: levelsOf(run, branch) }));
}

/** The finished levels of one branch, the dense end first; none if the branch has none. */
export function levelsOf(run: ReportRun, branch: string): readonly Level[] {
  const own = run.stages.filter((stage) => stage.branch === branch);
  return [...new Set(own.map(({ level }) => level))]
    .sort((a, b) => a - b)
    .map((level) => {
      const stages = own.filter((stage) => stage.level === level).sort((a, b) => a.trial - b.trial);
      return { level, density: mean(finite(stages.map(({ density }) => density))) ?? 0, stages };
    });
}

/** One number of each stage, by trial. Numbers that a diverged training left undefined are left out. */
export function byTrial(
  stages: readonly ReportStage[],
  measure: (stage: ReportStage) => number | null,
): ByTrial {
  return new Map(
    stages.flatMap((stage) => {
      const value = measure(stage);
      return typeof value === 'number' && Number.isFinite(value) ? [[stage.trial, value] as const] : [];
    }),
  );
}

/** The values that are numbers: JSON has none for what diverged. */
export function finite(values: readonly (number | null | undefined)[]): number[] {
  return values.filter((value) => typeof value === 'number' && Number.isFinite(value)) as number[];
}

/** A stage that is to come. */
export interface MissingLevels {
  readonly branch: string;
  readonly trial: number;
  readonly levels: readonly number[];
}

/** The stages of the experiment that are not finished, by branch and trial. */
export function missingStages(run: ReportRun): readonly MissingLevels[] {
  const { experiment } = run;
  const planned = [
    { kind: iterative, levels: Array.from({ length: experiment.pruning.levels + 1 }, (_, level) => level) },
    ...experiment.branches,
  ];
  const finished = new Set(
    run.stages.map(({ branch, trial, level }) => JSON.stringify([branch, trial, level])),
  );
  return planned.flatMap(({ kind, levels }) =>
    Array.from({ length: experiment.trials }, (_, index) => ({
      branch: kind,
      trial: index + 1,
      levels: levels.filter((level) => !finished.has(JSON.stringify([kind, index + 1, level]))),
    })).filter((missing) => missing.levels.length > 0),
  );
}
