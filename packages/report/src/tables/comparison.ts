import { byTrial, iterative, type Level, levelsOf } from '../branches.js';
import { densityText, percentage, points, unknown } from '../format.js';
import type { Html } from '../html.js';
import type { ComparedRun, ReportStage } from '../input.js';
import { interval95, mean, pairedDifferences, spread } from '../statistics.js';
import { type Column, table } from './table.js';

const accuracy = (stages: readonly ReportStage[]) =>
  byTrial(stages, ({ metrics }) => metrics.best.testAccuracy);

/** Farther than this from what was asked, in the logarithm, a level says nothing about a density. */
const FARTHEST = Math.log(1.3);

/** A level that is nearest to a density; undefined where none is near. */
export function levelNear({ run }: ComparedRun, density: number): Level | undefined {
  const distance = (level: Level) => Math.abs(Math.log(level.density / density));
  const [nearest] = levelsOf(run, iterative)
    .filter((level) => level.density > 0)
    .toSorted((a, b) => distance(a) - distance(b));
  return nearest && distance(nearest) <= FARTHEST ? nearest : undefined;
}

/** Test accuracy at early stop by run and density. */
export function accuracyAtDensities(runs: readonly ComparedRun[], densities: readonly number[]): Html {
  return table(
    'table-accuracy',
    'Test accuracy at early stop in per cent: mean (range over the trials).',
    columns(densities, (level) => {
      const range = spread([...accuracy(level.stages).values()]);
      if (!range) return unknown;
      return range.count === 1
        ? percentage(range.mean)
        : `${percentage(range.mean)} (${percentage(range.min)}–${percentage(range.max)})`;
    }),
    runs,
  );
}

/** How much better each run is than the first, by density. */
export function differenceAtDensities(runs: readonly ComparedRun[], densities: readonly number[]): Html {
  const [first] = runs;
  return table(
    'table-difference',
    `Test accuracy less that of ${first?.label ?? 'the first run'}, in points [95 % interval over the trials].`,
    columns(densities, (level, density) => {
      const other = first && levelNear(first, density);
      if (!other) return unknown;
      const differences = pairedDifferences(accuracy(level.stages), accuracy(other.stages));
      const interval = interval95(differences);
      return interval
        ? `${points(interval.mean)} [${points(interval.low)}, ${points(interval.high)}]`
        : points(mean(differences));
    }),
    runs.slice(1).length > 0 ? runs.slice(1) : runs,
  );
}

/** Density of each layer by run and density of the whole. */
export function layersAtDensities(runs: readonly ComparedRun[], densities: readonly number[]): Html {
  return table(
    'table-layers',
    'Weights left of each layer in per cent, in the order of the layers; means over the trials.',
    columns(densities, ({ stages }) => {
      const layers = Object.keys(stages[0]?.layerDensities ?? {});
      return layers
        .map((layer) => percentage(mean(stages.map((stage) => stage.layerDensities[layer] ?? NaN)), 1))
        .join(' · ');
    }),
    runs,
  );
}

function columns(
  densities: readonly number[],
  cell: (level: Level, density: number) => string,
): Column<ComparedRun>[] {
  return [
    { heading: 'Run', cell: ({ label }) => label },
    ...densities.map((density): Column<ComparedRun> => ({
      heading: densityText(density),
      note: 'of the weights',
      cell: (compared) => {
        const level = levelNear(compared, density);
        if (!level) return unknown;
        const off = Math.abs(level.density / density - 1) > 0.1;
        return `${cell(level, density)}${off ? ` at ${densityText(level.density)}` : ''}`;
      },
    })),
  ];
}
