import { type BranchLevels, branchLabel, byTrial, iterative, type Level } from '../branches.js';
import { densityText, percentage, points, unknown, whole } from '../format.js';
import type { Html } from '../html.js';
import type { ReportStage } from '../input.js';
import { type ByTrial, interval95, mean, pairedDifferences, spread } from '../statistics.js';
import { type Column, table } from './table.js';

const accuracy = (stages: readonly ReportStage[]) =>
  byTrial(stages, ({ metrics }) => metrics.best.testAccuracy);

/** Test accuracy at early stop, level by level, with the differences that tell a winning ticket. */
export function accuracyTable(branches: readonly BranchLevels[], trials: number): Html {
  const levels = [...new Set(branches.flatMap(({ levels }) => levels.map(({ level }) => level)))].sort(
    (a, b) => a - b,
  );
  const at = (branch: string, level: number): Level | undefined =>
    branches.find((one) => one.branch === branch)?.levels.find((one) => one.level === level);
  const any = (level: number) =>
    at(iterative, level) ?? branches.flatMap(({ levels }) => levels).find((one) => one.level === level);
  const values = (branch: string, level: number) => accuracy(at(branch, level)?.stages ?? []);
  const dense = values(iterative, 0);
  const controls = branches.map(({ branch }) => branch).filter((branch) => branch !== iterative);
  const columns: Column<number>[] = [
    { heading: 'Weights left', cell: (level) => densityText(any(level)?.density) },
    { heading: 'Level', cell: (level) => level },
    { heading: 'Survivors', cell: (level) => survivors(any(level)) },
    {
      heading: branchLabel(iterative),
      note: 'mean (range), %',
      cell: (level) => meanAndRange(values(iterative, level), trials),
    },
    {
      heading: 'ticket − dense',
      note: 'points [95 % interval]',
      cell: (level) => (level === 0 ? unknown : difference(values(iterative, level), dense)),
    },
    ...controls.flatMap((branch) => [
      {
        heading: branchLabel(branch),
        note: 'mean (range), %',
        cell: (level: number) => meanAndRange(values(branch, level), trials),
      },
      {
        heading: `ticket − ${branchLabel(branch)}`,
        note: 'points [95 % interval]',
        cell: (level: number) => difference(values(iterative, level), values(branch, level)),
      },
    ]),
  ];
  return table(
    'table-accuracy',
    'Test accuracy at early stop. Differences are paired over trials; the interval is Student’s t and needs two ' +
      'trials. An interval that contains 0 shows no difference.',
    columns,
    levels,
  );
}

function survivors(level: Level | undefined): string {
  return whole(mean((level?.stages ?? []).map((stage) => stage.survivors)));
}

function meanAndRange(values: ByTrial, trials: number): string {
  const range = spread([...values.values()]);
  if (!range) return unknown;
  const incomplete = range.count === trials ? '' : `, n = ${range.count}`;
  if (range.count === 1) return percentage(range.mean) + (trials === 1 ? '' : ' (n = 1)');
  return `${percentage(range.mean)} (${percentage(range.min)}–${percentage(range.max)}${incomplete})`;
}

/** The mean paired difference with its interval, in percentage points. */
function difference(values: ByTrial, reference: ByTrial): string {
  const differences = pairedDifferences(values, reference);
  const interval = interval95(differences);
  if (!interval) return points(mean(differences));
  return `${points(interval.mean)} [${points(interval.low)}, ${points(interval.high)}]`;
}
