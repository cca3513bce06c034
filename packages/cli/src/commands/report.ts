import { Command, Option } from '@commander-js/extra-typings';
import { readRun } from '@winning-tickets/train';
import { usualClaims } from '../claims-file.js';
import { commandLine } from '../command-line.js';
import { UsageError } from '../failures.js';
import { examples, jsonOption, runsOption } from '../options.js';
import { comparedRuns, writeCompareReport } from '../comparing.js';
import { commandFor, readBenches, writeBenchReport, writeReport } from '../reporting.js';
import { findRunFolder } from '../run-folder.js';
import { print, printJson } from '../terminal.js';

/** A run, or benchmarks, as a page. */
export function reportCommand() {
  return new Command('report')
    .summary('write the report of a run, or of benchmarks, as an HTML page')
    .description(
      'Writes the report of a run, finished or not, of several runs or a grid side by side, or of benchmarks: one HTML ' +
        'page that needs no other file.',
    )
    .argument(
      '<what...>',
      'a run: its folder or name; several, or a grid, to compare; or files of benchmarks (.json)',
    )
    .addOption(
      new Option(
        '--bench <file>',
        "a benchmark to include; may be repeated (default: the run's bench.json, if there is one)",
      ).argParser((file: string, files: readonly string[] | undefined) => [...(files ?? []), file]),
    )
    .option(
      '--out <file>',
      "the page to write (default: report.html in the run's or grid's folder, comparison.html for several runs, or the first benchmark's name with .html)",
    )
    .option(
      '--claims <file>',
      `file of claims (JSON) to hold runs against, or the name of one that comes along (default: ${usualClaims})`,
    )
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets report quick',
        'tickets report quick --bench cpu.json --bench cuda.json --out page.html',
        'tickets report grid-criteria',
        'tickets report quick --claims own.json',
        'tickets report cpu.json cuda.json --out page.html',
      ),
    )
    .action(async (what, { bench, out, claims, runs, json }) => {
      const ofBenches = what.every((file) => file.endsWith('.json'));
      if (ofBenches && claims) throw new UsageError('--claims is for runs: benchmarks have none to hold');
      const report = ofBenches
        ? await reportBenches([...what, ...(bench ?? [])], out)
        : await reportRuns(what, { bench, out, claims, runs });
      if (json) printJson({ report });
      else print(`Report: ${report}`);
    });
}

interface RunReportOptions {
  readonly bench: readonly string[] | undefined;
  readonly out: string | undefined;
  readonly claims: string | undefined;
  readonly runs: string;
}

async function reportRuns(named: readonly string[], options: RunReportOptions): Promise<string> {
  const { bench, out, claims, runs } = options;
  const mixed = named.find((file) => file.endsWith('.json'));
  if (mixed) throw new UsageError(`${mixed} is no run: show a benchmark with one by --bench FILE`);
  const compared = await comparedRuns(named, runs);
  if (!compared) {
    const run = await readRun(await findRunFolder(named[0] ?? '', runs));
    return await writeReport(run, { bench, out, claims, command: commandFor(run) });
  }
  if (bench) throw new UsageError('--bench is shown with one run; a comparison of runs has no place for it');
  const page = out ?? compared.page;
  await writeCompareReport(page, compared, { claims, command: commandLine() });
  return page;
}

async function reportBenches(files: readonly string[], out: string | undefined): Promise<string> {
  const [first = ''] = files;
  const page = out ?? `${first.slice(0, -'.json'.length)}.html`;
  await writeBenchReport(page, await readBenches(files), commandLine());
  return page;
}
