import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ComparedRun } from '@winning-tickets/report';
import type { GridRecord, Run } from '@winning-tickets/train';
import { isRun, readGrid, readRun } from '@winning-tickets/train';
import writeFileAtomic from 'write-file-atomic';
import { loadClaims } from './claims-file.js';
import { runEvidence } from './run-evidence.js';
import { findRunFolder, statusOf } from './run-folder.js';

/** Where runs are compared: those of most papers, from the whole network down. */
const densities = [1, 0.5, 0.2, 0.1, 0.05, 0.02];

/** A run among others. */
export interface NamedRun extends ComparedRun {
  readonly run: Run;
}

/** Runs to compare, and what to call the page. */
export interface Compared {
  readonly title: string;
  readonly runs: readonly NamedRun[];
  /** Where the page lies by default. */
  readonly page: string;
}

/** A grid's folder. */
export interface GridFolder {
  readonly folder: string;
  readonly grid: GridRecord;
}

/**
 * The grid that a user means, by its folder, the folder's name, or its own.
 *
 * @returns undefined where it is none
 */
export async function findGrid(named: string, runs: string): Promise<GridFolder | undefined> {
  for (const folder of [named, join(runs, named), join(runs, `grid-${named}`)]) {
    const grid = (await statusOf(folder))?.isDirectory() ? await readGrid(folder) : undefined;
    if (grid) return { folder, grid };
  }
  return undefined;
}

/** The runs of a grid that were begun, as far as they are. */
async function gridRuns({ folder, grid }: GridFolder): Promise<NamedRun[]> {
  const found: NamedRun[] = [];
  for (const { label, run } of grid.cells) {
    const path = join(folder, run);
    if (await isRun(path)) found.push({ label, run: await readRun(path) });
  }
  return found;
}

/** What to compare: the runs of a grid, or several runs; undefined of one run. @throws Error where there is none */
export async function comparedRuns(named: readonly string[], runs: string): Promise<Compared | undefined> {
  const [first = '', ...others] = named;
  if (others.length === 0) {
    const found = await findGrid(first, runs);
    if (!found) return undefined;
    return {
      title: found.grid.name,
      runs: await gridRuns(found),
      page: join(found.folder, 'report.html'),
    };
  }
  const compared: NamedRun[] = [];
  for (const name of named) {
    const run = await readRun(await findRunFolder(name, runs));
    compared.push({ label: labelOf(run.experiment.name, run.hash, compared), run });
  }
  const title = compared.map(({ label }) => label).join(', ');
  return { title, runs: compared, page: 'comparison.html' };
}

export interface CompareReportOptions {
  /** File of the claims that the runs are held against, or the name of one that comes along. Default: the usual. */
  readonly claims?: string | undefined;
  /** The command line that does the page again. */
  readonly command: string;
}

/** Writes the page that compares runs. @throws Error when none was begun */
export async function writeCompareReport(
  page: string,
  { title, runs }: Compared,
  { claims: file, command }: CompareReportOptions,
): Promise<void> {
  if (runs.length === 0) throw new Error(`${title}: no run of it was begun: train it first`);
  const { renderCompareReport } = await import('@winning-tickets/report');
  await mkdir(dirname(page), { recursive: true });
  const claims = await loadClaims(file);
  const compared = [];
  for (const named of runs) compared.push({ ...named, ...(await runEvidence(named.run, claims)) });
  await writeFileAtomic(page, renderCompareReport({ title, runs: compared, densities, command }));
}

/** A run's name, with its hash where another has the same name. */
function labelOf(name: string, hash: string, before: readonly ComparedRun[]): string {
  return before.some(({ label }) => label === name) ? `${name}-${hash}` : name;
}
