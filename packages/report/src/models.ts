import type { BenchResult } from '@winning-tickets/bench';
import { densityText } from './format.js';

type Model = BenchResult['models'][number];

/** What a benchmarked model is called: encoding and density if its file tells them, else the file's name. */
export function modelLabel(bench: BenchResult, model: Model): string {
  const label = shortLabel(model);
  const same = bench.models.filter((other) => shortLabel(other) === label);
  return same.length > 1 ? model.name : label;
}

function shortLabel({ encoding, density, name }: Model): string {
  return encoding === undefined || density === undefined ? name : `${encoding} ${densityText(density)}`;
}

/** The model that ratios compare with; undefined when it is not among the models. */
export function baselineOf(bench: BenchResult): Model | undefined {
  return bench.models.find(({ file }) => file === bench.baseline);
}

/** What the baseline is called. */
export function baselineLabel(bench: BenchResult): string {
  const baseline = baselineOf(bench);
  return baseline ? modelLabel(bench, baseline) : bench.baseline;
}
