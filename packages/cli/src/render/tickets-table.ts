import type { Run, StageManifest } from '@winning-tickets/train';
import { unknown } from './format.js';
import type { Table } from './table.js';

/** Test accuracies of one branch at one level, over the trials; 0 to 1. */
export interface Accuracies {
  readonly trials: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** What a run found at one level. A branch is missing where it was not trained. */
export interface TicketRow {
  readonly level: number;
  /** Share of the weights that survive, 0 to 1. */
  readonly density: number;
  /** Test accuracy at early stop, by branch. */
  readonly accuracy: Readonly<Record<string, Accuracies | undefined>>;
  /** Test macro-F1 of the iterative branch at early stop, mean over the trials, 0 to 1; null where it was not measured. */
  readonly macroF1: number | null;
  /** Iteration of least validation loss of the iterative branch, mean over the trials; null where it is not trained. */
  readonly earlyStopIteration: number | null;
}

const titles = new Map([
  ['iterative', 'ticket %'],
  ['random-reinit', 'random reinit %'],
  ['random-mask', 'random mask %'],
  ['shuffled-mask', 'shuffled mask %'],
  ['one-shot', 'one-shot %'],
  ['transferred', 'transferred %'],
]);

/** A run's finished stages, level by level. */
export function ticketRows({ stages }: Pick<Run, 'stages'>): TicketRow[] {
  const levels = [...new Set(stages.map(({ level }) => level))].sort((a, b) => a - b);
  const names = branchesIn(stages.map(({ branch }) => branch));
  return levels.map((level) => {
    const here = stages.filter((stage) => stage.level === level);
    const iterative = here.filter(({ branch }) => branch === 'iterative');
    const branches = names.flatMap((branch) => {
      const own = here.filter((stage) => stage.branch === branch);
      return own.length === 0 ? [] : [[branch, accuraciesOf(own)] as const];
    });
    return {
      level,
      density: mean((iterative.length > 0 ? iterative : here).map(({ density }) => density)),
      accuracy: Object.fromEntries(branches),
      macroF1: meanOrNull(iterative.map(({ metrics }) => metrics.best.testMacroF1)),
      earlyStopIteration:
        iterative.length === 0 ? null : mean(iterative.map(({ metrics }) => metrics.best.iteration)),
    };
  });
}

/** The rows for people; controls that the run does not have are left out. */
export function ticketsTable(rows: readonly TicketRow[]): Table {
  const present = branchesIn(rows.flatMap(({ accuracy }) => Object.keys(accuracy)));
  const withF1 = rows.some(hasRareClasses);
  return {
    headers: [
      ...['level', 'weights left', ...present.map((branch) => titles.get(branch) ?? `${branch} %`)],
      ...(withF1 ? ['ticket macro-F1 %'] : []),
      'early stop',
    ],
    rows: rows.map(({ level, density, accuracy, macroF1, earlyStopIteration }) => [
      `${level}`,
      `${(100 * density).toFixed(2)} %`,
      ...present.map((branch) => accuracyText(accuracy[branch])),
      ...(withF1 ? [macroF1 === null ? unknown : (100 * macroF1).toFixed(2)] : []),
      earlyStopIteration === null ? unknown : `${Math.round(earlyStopIteration)}`,
    ]),
  };
}

/** Branches without repetition: those with titles first, in their order, then the others as they come. */
function branchesIn(all: readonly string[]): string[] {
  const known = [...titles.keys()].filter((branch) => all.includes(branch));
  return [...new Set([...known, ...all])];
}

/** How to read the table. */
export function ticketsCaption(trials: number): string {
  return trials === 1
    ? 'Test accuracy at the iteration of least validation loss; one trial, so differences of some tenths mean nothing.'
    : `Test accuracy at the iteration of least validation loss, mean of ${trials} trials ± half of their range.`;
}

/** Whether macro-F1 says something else than accuracy: classes are of different sizes. */
function hasRareClasses({ accuracy, macroF1 }: TicketRow): boolean {
  const { iterative } = accuracy;
  return iterative !== undefined && macroF1 !== null && Math.abs(iterative.mean - macroF1) > 0.02;
}

function meanOrNull(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length && known.length > 0 ? mean(known) : null;
}

function accuraciesOf(stages: readonly StageManifest[]): Accuracies {
  const values = stages.map(({ metrics }) => metrics.best.testAccuracy);
  return { trials: values.length, mean: mean(values), min: Math.min(...values), max: Math.max(...values) };
}

function accuracyText(found: Accuracies | undefined): string {
  if (!found) return unknown;
  const text = (100 * found.mean).toFixed(2);
  return found.trials === 1 ? text : `${text} ± ${(50 * (found.max - found.min)).toFixed(2)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
