import type { BenchResult } from '@winning-tickets/bench';
import { densityText } from './format.js';

type Model = BenchResult['models'][number];

/**
 * What a benchmarked model is called: encoding and density if its file tells them, else the file's name. Models of one
 * encoding and density are told apart by the part of their names in which they differ.
 */
export function modelLabel(bench: BenchResult, model: Model): string {
  const label = shortLabel(model);
  const same = bench.models.filter((other) => shortLabel(other) === label).map(({ name }) => name);
  if (same.length < 2 || label === model.name) return label;
  if (new Set(same).size < same.length) return model.name;
  const own = ownPart(model.name, same);
  return own === '' ? label : `${label} (${own})`;
}

/** The words of a name, with dashes between, less those that all names begin or end with. */
function ownPart(name: string, names: readonly string[]): string {
  const words = names.map((each) => each.split('-'));
  const fewest = Math.min(...words.map(({ length }) => length));
  const common = (limit: number, at: (index: number) => number) => {
    let count = 0;
    while (count < limit && new Set(words.map((each) => each.at(at(count)))).size === 1) count += 1;
    return count;
  };
  const first = common(fewest, (index) => index);
  const last = common(fewest - first, (index) => -1 - index);
  const own = name.split('-');
  return own.slice(first, own.length - last).join('-');
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
