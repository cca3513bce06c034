import { type BranchLevels, branchLabel, byTrial } from '../branches.js';
import { densityText, durationText, microsText, percentage, unknown, whole } from '../format.js';
import type { Html } from '../html.js';
import type { ReportStage } from '../input.js';
import { mean, spread } from '../statistics.js';
import { table } from './table.js';

/** What each training cost and where it ended. */
export function trainingTable(branches: readonly BranchLevels[]): Html {
  const rows = branches.flatMap(({ branch, levels }) => levels.map((level) => ({ branch, ...level })));
  const average = (stages: readonly ReportStage[], of: (stage: ReportStage) => number) =>
    mean([...byTrial(stages, of).values()]);
  return table(
    'table-training',
    'Means over trials. The early stop is the evaluation of lowest validation loss; step and time are wall time.',
    [
      { heading: 'Branch', cell: ({ branch }) => branchLabel(branch) },
      { heading: 'Weights left', cell: ({ density }) => densityText(density) },
      { heading: 'Trials', cell: ({ stages }) => stages.length },
      {
        heading: 'Early stop',
        note: 'iteration (range)',
        cell: ({ stages }) =>
          iterations([...byTrial(stages, ({ metrics }) => metrics.best.iteration).values()]),
      },
      {
        heading: 'Validation loss',
        note: 'at early stop, nats',
        cell: ({ stages }) =>
          average(stages, ({ metrics }) => metrics.best.validationLoss)?.toFixed(4) ?? unknown,
      },
      {
        heading: 'Accuracy at the end',
        note: 'test, %',
        cell: ({ stages }) => percentage(average(stages, ({ metrics }) => metrics.end.testAccuracy)),
      },
      {
        heading: 'Step',
        note: 'median',
        cell: ({ stages }) => microsText(average(stages, (stage) => stage.stepMicros)),
      },
      {
        heading: 'Time',
        note: 'per training',
        cell: ({ stages }) => durationText(average(stages, (stage) => stage.seconds)),
      },
    ],
    rows,
  );
}

function iterations(values: readonly number[]): string {
  const range = spread(values);
  if (!range) return unknown;
  return range.min === range.max
    ? whole(range.mean)
    : `${whole(range.mean)} (${whole(range.min)}–${whole(range.max)})`;
}
