import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { BenchResult } from '@winning-tickets/bench';
import { parseBenchResult } from '@winning-tickets/bench';
import { readModelInfo } from '@winning-tickets/onnx';
import type { ExportSummary } from '@winning-tickets/report';
import type { Run } from '@winning-tickets/train';
import { readStageTicket, trainability } from '@winning-tickets/train';
import writeFileAtomic from 'write-file-atomic';
import { readBytes, readJson } from './bytes.js';
import { loadClaims } from './claims-file.js';
import { commandLine } from './command-line.js';
import { codeOf } from './failures.js';
import { runFiles, statusOf } from './run-folder.js';
import { runEvidence } from './run-evidence.js';
import { ticketWords } from './ticket-words.js';
import { withHistories } from './training-courses.js';

export interface ReportOptions {
  /** Files of benchmarks, in the order to show them. Default: the run's own, if there is one. */
  readonly bench?: readonly string[] | undefined;
  /** The page to write. Default: `report.html` in the run's folder. */
  readonly out?: string | undefined;
  /** File of the claims that the run is held against, or the name of one that comes along. Default: the usual. */
  readonly claims?: string | undefined;
  /** The command that makes the run again. */
  readonly command: string;
}

/** Writes a run's report. @returns the file */
export async function writeReport(run: Run, { bench, out, claims, command }: ReportOptions): Promise<string> {
  const files = runFiles(run.folder);
  const file = out ?? files.report;
  const benches = bench ? await readBenches(bench) : await ownBench(files.bench);
  const stages = await withHistories(run);
  // Its plots take longer to load than all the rest, and only this function needs them.
  const { renderReport } = await import('@winning-tickets/report');
  const page = renderReport({
    run: { ...run, stages },
    trainability: trainability(stages),
    exports: await exportSummaries(files.exports),
    words: await ticketWords(run),
    command,
    environment: await software(run),
    benches,
    ...(await runEvidence(run, await loadClaims(claims))),
  });
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, page);
  return file;
}

/** The command that makes a run again, where it was not this very command. */
export function commandFor(run: Run): string {
  return commandLine(['run', join(run.folder, 'experiment.json')]);
}

/** The models in a folder that this program has exported; none where there is no such folder. */
async function exportSummaries(folder: string): Promise<ExportSummary[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const summaries: ExportSummary[] = [];
  for (const name of names.filter((one) => one.endsWith('.onnx')).sort()) {
    const path = join(folder, name);
    const bytes = await readBytes(path);
    const { metadata } = readModelInfo(bytes, path);
    const encoding = metadata['tickets.encoding'];
    const density = Number(metadata['tickets.density'] ?? NaN);
    if (encoding === undefined || !Number.isFinite(density)) continue;
    summaries.push({ file: basename(path), encoding, density, bytes: bytes.length });
  }
  return summaries;
}

async function ownBench(file: string): Promise<BenchResult[]> {
  return (await statusOf(file)) ? await readBenches([file]) : [];
}

/**
 * Benchmarks from their files.
 *
 * @throws Error in one sentence when a file is none, naming it
 */
export async function readBenches(files: readonly string[]): Promise<BenchResult[]> {
  return await Promise.all(files.map(async (file) => parseBenchResult(await readJson(file), file)));
}

/** Writes the page of benchmarks. */
export async function writeBenchReport(
  file: string,
  benches: readonly BenchResult[],
  command: string,
): Promise<void> {
  const { renderBenchReport } = await import('@winning-tickets/report');
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, renderBenchReport({ benches, command }));
}

/** What the run's first ticket says it was trained with. */
async function software(run: Run): Promise<Record<string, string>> {
  const [first] = run.stages;
  return first ? { ...(await readStageTicket(run, first)).metadata.software } : {};
}
