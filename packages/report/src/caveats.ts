import type { BenchResult } from '@winning-tickets/bench';
import { placeOf } from './bench-sections.js';
import { finite, missingStages } from './branches.js';
import { count, decimal, microsText, percentage } from './format.js';
import type { ReportInput } from './input.js';
import { modelLabel } from './models.js';
import { floorRatios } from './plots/latency.js';
import { trialsForInterval } from './plots/by-density.js';

/** What the numbers of this report cannot say, as sentences that follow from the data. */
export function caveats({ run, benches = [] }: ReportInput): string[] {
  return [
    ...trainingCaveats(run),
    ...(benches.length > 0
      ? benches.flatMap((bench) =>
          benchCaveats(bench).map((note) => (benches.length > 1 ? `${placeOf(bench)}: ${note}` : note)),
        )
      : ['Nothing was benchmarked: this page says nothing about speed.']),
  ];
}

function trainingCaveats(run: ReportInput['run']): string[] {
  const { trials } = run.experiment;
  const diverged = run.stages.filter(
    ({ metrics: { best, end } }) =>
      finite([best.testAccuracy, best.validationLoss, end.testAccuracy, end.validationLoss]).length < 4,
  ).length;
  const notes = [
    trials === 1 &&
      'One trial: a single seed moves the accuracy by some tenths of a point, so differences of that size mean nothing here.',
    trials > 1 &&
      trials < trialsForInterval &&
      `Only ${count(trials, 'trial')}: the plots show the range alone, and the intervals in the table are so wide ` +
        '(12.7 standard errors with two trials) that only large differences stand out.',
    trials >= trialsForInterval &&
      trials < 10 &&
      `${count(trials, 'trial')}: the intervals assume roughly normal noise, which so few values cannot confirm.`,
    'Each interval is for its own row. Among twenty rows without any difference, one interval is expected to miss 0 by chance.',
    'All trials share one split of one data set: the spread shows seeds, not other samples of the data.',
    'The early stop is known to the nearest evaluation, ' +
      `every ${run.experiment.evaluateEvery} iterations, and a flat validation loss moves it widely.`,
    missingStages(run).length > 0 &&
      'The run is not complete: means may be over fewer trials than planned (n in the table).',
    diverged > 0 && `${count(diverged, 'training')} diverged; what is not a number is left out of all means.`,
  ];
  return notes.filter((note) => note !== false);
}

/** What the numbers of a benchmark cannot say. */
export function benchCaveats(bench: BenchResult): string[] {
  const noise = bench.noise.flatMap(({ batch, ratioToBaseline: ratio }) =>
    ratio ? [`${decimal(ratio.low)} to ${decimal(ratio.high)} at batch ${batch}`] : [],
  );
  const hidden = floorRatios(bench).filter(({ ratio }) => ratio > 0.5);
  const clock = bench.floor[0];
  return [
    ...(noise.length > 0
      ? [
          `The baseline measured against itself gives a ratio of ${noise.join(', ')}: this machine cannot show less.`,
        ]
      : ['The baseline was not measured against itself, so the noise of this machine is unknown.']),
    ...(hidden.length > 0
      ? [
          `An empty call costs ${hidden.map(({ batch, ratio }) => `${percentage(ratio, 0)} % of the baseline at ${batch}`).join(', ')}: ` +
            'there the calls are measured more than the models.',
        ]
      : []),
    ...(clock
      ? [
          `Latencies near the ${microsText(clock.latencyMicros.p50)} of an empty call say little about a model.`,
        ]
      : []),
    `Latencies hold for this processor with ${count(bench.options.threads, 'thread')}; ratios differ elsewhere.`,
    ...bench.warnings,
    ...bench.models.flatMap((model) => model.notes.map((note) => `${modelLabel(bench, model)}: ${note}`)),
  ];
}
