import { mkdir, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Option } from '@commander-js/extra-typings';
import type { BenchResult } from '@winning-tickets/bench';
import { parseBenchResult } from '@winning-tickets/bench';
import { loadDataset } from '@winning-tickets/datasets';
import type { ExportedFile } from '@winning-tickets/export';
import type { Experiment, Run } from '@winning-tickets/train';
import { readStageTicket } from '@winning-tickets/train';
import { benchWithProgress, writeBench, writeCsv } from '../benching.js';
import { readJson } from '../bytes.js';
import { commandLine } from '../command-line.js';
import { comparedRuns, writeCompareReport } from '../comparing.js';
import { loadExperimentOrGrid } from '../experiment-file.js';
import {
  checkEncodings,
  digests,
  exportAll,
  stagesToExport,
  ticketsToExport,
  usualEncodings,
  isBag,
} from '../exporting.js';
import { UsageError } from '../failures.js';
import { interruptible } from '../interrupts.js';
import { examples, integer, integers, jsonOption, sizes, words } from '../options.js';
import { benchCaption, modelLatencyTables, modelSizeTable } from '../render/bench-tables.js';
import { benchSummary } from '../render/bench.js';
import { exportedText } from '../render/exports.js';
import { renderTable } from '../render/table.js';
import { ticketRows, ticketsCaption, ticketsTable } from '../render/tickets-table.js';
import { writeReport } from '../reporting.js';
import { runFiles, statusOf } from '../run-folder.js';
import { colorsOf, note, print, printJson } from '../terminal.js';
import { trainWithProgress } from '../training.js';
import { experimentCommand } from './experiment-command.js';
import { trainGrid } from './train-grid.js';

/** The whole way: train, export, measure, report. The shortest complete path through the program. */
export function runCommand() {
  return experimentCommand('run')
    .summary('train an experiment, export its tickets, measure them, and write a report')
    .description(
      'Trains an experiment, exports tickets as ONNX files, measures them, and writes a report. Of a grid, trains all ' +
        'experiments and writes a page that compares them.\n' +
        'What is finished already is not done again: running a command again goes on where it stopped.',
    )
    .addOption(
      new Option(
        '--encodings <names>',
        'encodings to export (default: dense,sparse,compact, and bag of a network over bags of words); level 0, where ' +
          'nothing is pruned, is exported dense and as a bag alone',
      ).argParser(words),
    )
    .addOption(
      new Option(
        '--levels-to-export <levels>',
        'levels of the first trial to export (default: 0, and those nearest to 13.5 % and 3.6 % of the weights)',
      ).argParser(integers),
    )
    .addOption(
      new Option('--batches <sizes>', 'batch sizes to measure')
        .argParser(sizes)
        .default([1, 32, 256], '1,32,256'),
    )
    .addOption(
      new Option('--repeats <n>', 'measured blocks of each model and batch size')
        .argParser(integer)
        .default(6),
    )
    .option('--skip-bench', 'measure nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets run quick',
        'tickets run quick --trials 1 --levels 9',
        'tickets run my-experiment.json --workers 2 --levels-to-export 0,9,15',
      ),
    )
    .action(async (named, options) => {
      const loaded = await loadExperimentOrGrid(named, options);
      if ('grid' in loaded) {
        const { folder } = await trainGrid(loaded, {
          runs: options.runs,
          workers: options.workers,
          json: options.json,
        });
        const compared = await comparedRuns([folder], options.runs);
        if (compared) await writeCompareReport(compared.page, compared, { command: commandLine() });
        note(`report: ${compared?.page ?? folder}`);
        return;
      }
      const encodings = options.encodings && checkEncodings(options.encodings);
      const { experiment, source, notes } = loaded;
      checkLevels(options.levelsToExport, experiment.pruning.levels);
      checkBags(encodings, experiment);
      notes.forEach(note);
      await interruptible(async (signal) => {
        const { runs, workers } = options;
        const run = await trainWithProgress({ experiment, source, runs, workers, signal });
        signal.throwIfAborted();
        const levels = options.levelsToExport;
        const { exports, unchanged } = await exportTickets(run, { encodings, levels, signal });
        const { batches, repeats } = options;
        const bench = options.skipBench
          ? undefined
          : await measure(run, exports, { batches, repeats, unchanged, signal });
        signal.throwIfAborted();
        const report = await writeReport(run, { command: commandLine() });
        const finished = { run, exports, bench, report };
        if (options.json) printJson(summary(finished));
        else printSummary(finished);
      });
    });
}

interface FinishedRun {
  readonly run: Run;
  readonly exports: readonly ExportedFile[];
  readonly bench: BenchResult | undefined;
  readonly report: string;
}

interface ExportChoice {
  /** What is usual for the tickets, when undefined. */
  readonly encodings: readonly string[] | undefined;
  readonly levels: readonly number[] | undefined;
  readonly signal: AbortSignal;
}

async function exportTickets(run: Run, { encodings, levels, signal }: ExportChoice) {
  const out = runFiles(run.folder).exports;
  await mkdir(out, { recursive: true });
  const before = await digests(await modelsIn(out));
  const stages = stagesToExport(run, levels);
  const [first] = stages;
  const usual = first ? usualEncodings(await readStageTicket(run, first)) : [];
  const exports = await exportAll({
    tickets: ticketsToExport(run, stages, encodings ?? usual),
    out,
    dataset: await loadDataset(run.experiment.dataset),
    signal,
    onExported: (file) => {
      note(exportedText(file));
    },
  });
  const after = await digests(exports.map(({ file }) => file));
  return { exports, unchanged: [...after].every(([file, digest]) => before.get(file) === digest) };
}

async function modelsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.onnx')).map((name) => join(folder, name));
}

interface BenchChoice {
  readonly batches: readonly number[];
  readonly repeats: number;
  /** Whether the models are the same bytes as before. */
  readonly unchanged: boolean;
  readonly signal: AbortSignal;
}

// Enough for a first look: `tickets bench` measures as long as one likes.
const firstLook = { blockMillis: 60, memoryProcesses: 1 };

/** Measures the models, unless these very files were measured before in this very way. */
async function measure(
  run: Run,
  exports: readonly ExportedFile[],
  { batches, repeats, unchanged, signal }: BenchChoice,
): Promise<BenchResult> {
  const { bench } = runFiles(run.folder);
  const files = exports.map(({ file }) => relative('', file));
  if (unchanged && (await statusOf(bench))) {
    const earlier = parseBenchResult(await readJson(bench), bench);
    const names = earlier.models.map(({ file }) => file);
    const asked = { ...earlier.options, ...firstLook, batches, repeats };
    if (sameNames(names, files) && isDeepStrictEqual(earlier.options, asked)) {
      note(`${bench}: measured ${earlier.startedAt}, kept; delete it to measure again`);
      return earlier;
    }
  }
  const { directory } = run.experiment.dataset;
  const { seed } = run.experiment;
  const result = await benchWithProgress({
    ...firstLook,
    ...{ files, seed, batches, repeats, data: { directory }, signal },
  });
  await writeCsv(run.folder, result);
  await writeBench(bench, result);
  return result;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  const names = (files: readonly string[]) =>
    files
      .map((file) => file.split(/[\\/]/).at(-1))
      .sort()
      .join('\n');
  return names(a) === names(b);
}

function checkLevels(levels: readonly number[] | undefined, deepest: number): void {
  const beyond = levels?.find((level) => level > deepest);
  if (beyond === undefined) return;
  throw new UsageError(
    `--levels-to-export names level ${beyond}, but the experiment has levels 0 to ${deepest}`,
  );
}

// Known before hours of training, which the export comes after.
function checkBags(encodings: readonly string[] | undefined, { dataset }: Experiment): void {
  const named = encodings?.find(isBag);
  if (named === undefined || dataset.text?.kind === 'bag') return;
  throw new UsageError(
    `--encodings names ${named}, which is for networks over bags of words: leave it out, or read text as a bag`,
  );
}

function summary({ run, exports, bench, report }: FinishedRun) {
  return {
    schema: 1,
    run: run.folder,
    hash: run.hash,
    trainings: { done: run.stages.length, expected: run.expected },
    tickets: ticketRows(run),
    exports,
    latencies: bench ? benchSummary(bench) : null,
    bench: bench ? runFiles(run.folder).bench : null,
    report,
  };
}

function printSummary({ run, bench, report }: FinishedRun): void {
  const colors = colorsOf(process.stdout);
  print(`\n${renderTable(ticketsTable(ticketRows(run)), colors)}`);
  print(colors.dim(ticketsCaption(run.experiment.trials)));
  if (bench) {
    const tables = [modelSizeTable(bench, run), ...modelLatencyTables(bench, run)];
    for (const table of tables) print(`\n${renderTable(table, colors)}`);
    print(colors.dim(benchCaption(bench, run)));
    for (const warning of bench.warnings) note(`warning: ${warning}`);
  }
  print(`\nReport: ${report}`);
}
