import { byTrial, iterative, type Level, levelsOf } from '../branches.js';
import { densityText, unknown, whole } from '../format.js';
import type { Html } from '../html.js';
import type { ReportRun, ReportStage } from '../input.js';
import { mean } from '../statistics.js';
import { table } from './table.js';

/** What exact compaction leaves of each level's tickets; undefined of runs from before it was counted. */
export function liveTable(run: ReportRun): Html | undefined {
  const levels = levelsOf(run, iterative).filter(({ stages }) => stages.some(({ live }) => live));
  const [first] = levels.flatMap(({ stages }) => stages.flatMap(({ live }) => live ?? []));
  if (!first) return undefined;
  const layers = Object.keys(first.units);
  return table(
    'table-live',
    'Inputs, units and filters that a surviving path joins to an output, in the tickets at early stop; means over ' +
      'trials. The rest can be removed without changing what the network computes.',
    [
      { heading: 'Weights left', cell: ({ density }: Level) => densityText(density) },
      {
        heading: 'Live inputs',
        note: `of ${whole(first.inputs.total)}`,
        cell: ({ stages }: Level) => average(stages, ({ live }) => live?.inputs.live ?? NaN),
      },
      ...layers.map((layer) => ({
        heading: layer,
        note: `of ${whole(first.units[layer]?.total)}`,
        cell: ({ stages }: Level) => average(stages, ({ live }) => live?.units[layer]?.live ?? NaN),
      })),
    ],
    levels,
  );
}

function average(stages: readonly ReportStage[], of: (stage: ReportStage) => number): string {
  const value = mean([...byTrial(stages, of).values()]);
  return value === undefined ? unknown : whole(value);
}
