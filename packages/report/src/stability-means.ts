import type { Stability, StabilityCell } from '@winning-tickets/train';
import { branchLabel, iterative } from './branches.js';
import { densityText } from './format.js';
import { mean } from './statistics.js';

interface Range {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** A branch's level and step over its trials; barriers in points of error, distances in the units of the weights. */
export interface BarrierRow {
  /** What its line is called: density, and whose masks where they are not the iterative ones. */
  readonly label: string;
  readonly level: number;
  readonly density: number;
  readonly step: number;
  readonly trials: number;
  readonly testError: Range;
  readonly trainError: Range;
  readonly apart: number;
  readonly travelled: number;
}

/** Barriers over the trials, by step and then by level, ascending. */
export function barriersByStep(stability: Stability): BarrierRow[] {
  return groups(stability).map(({ label, level, step, cells }) => {
    const range = (values: readonly number[]): Range => ({
      mean: mean(values) ?? 0,
      min: Math.min(...values),
      max: Math.max(...values),
    });
    return {
      ...{ label, level, step, trials: cells.length },
      density: mean(cells.map(({ density }) => density)) ?? 0,
      testError: range(cells.map(({ barriers }) => 100 * barriers.testError)),
      trainError: range(cells.map(({ barriers }) => 100 * barriers.trainError)),
      apart: mean(cells.map(({ distances }) => distances.apart)) ?? 0,
      travelled: mean(cells.flatMap(({ distances }) => distances.travelled)) ?? 0,
    };
  });
}

/** Test error in per cent along the line, in the mean over the trials. */
export function lineMeans(stability: Stability) {
  return groups(stability).map(({ label, level, step, cells }) => ({
    label,
    level,
    step,
    density: mean(cells.map(({ density }) => density)) ?? 0,
    points: (cells[0]?.points ?? []).map(({ alpha }, index) => ({
      alpha,
      error: mean(cells.map(({ points }) => 100 * (points[index]?.testError ?? 0))) ?? 0,
    })),
  }));
}

function groups({ cells }: Stability) {
  const keyOf = ({ step, level, branch }: StabilityCell) => `${step}/${level}/${branch}`;
  return [...new Map(cells.map((cell) => [keyOf(cell), cell])).values()]
    .sort((a, b) => a.step - b.step || a.level - b.level || order(a.branch) - order(b.branch))
    .map((first) => {
      const { level, step, branch } = first;
      const own = cells.filter((cell) => keyOf(cell) === keyOf(first));
      const density = densityText(mean(own.map((cell) => cell.density)));
      const label = branch === iterative ? density : `${density}, ${branchLabel(branch)}`;
      return { label, level, step, cells: own };
    });
}

function order(branch: string): number {
  return branch === iterative ? 0 : 1;
}
