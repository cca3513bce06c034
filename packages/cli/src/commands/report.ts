import { Command, Option } from '@commander-js/extra-typings';
import { readRun } from '@winning-tickets/train';
import { commandLine } from '../command-line.js';
import { UsageError } from '../failures.js';
import { examples, jsonOption, runsOption } from '../options.js';
import { commandFor, readBenches, writeBenchReport, writeReport } from '../reporting.js';
import { findRunFolder } from '../run-folder.js';
import { print, printJson } from '../terminal.js';

/** A run, or benchmarks, as a page. */
export function reportCommand() {
  return new Command('report')
    .summary('write the report of a run, or of benchmarks, as an HTML page')
    .description(
      'Writes the report of a run, finished or not, or of benchmarks side by side: one HTML page that needs no other ' +
        'file.',
    )
    .argument('<what...>', 'a run: its folder or name; or files of benchmarks (.json)')
    .addOption(
      new Option(
        '--bench <file>',
        "a benchmark to include; may be repeated (default: the run's bench.json, if there is one)",
      ).argParser((file: string, files: readonly string[] | undefined) => [...(files ?? []), file]),
    )
    .option(
      '--out <file>',
      "the page to write (default: report.html in the run's folder, or the first benchmark's name with .html)",
    )
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets report quick',
        'tickets report quick --bench cpu.json --bench cuda.json --out page.html',
        'tickets report cpu.json cuda.json --out page.html',
      ),
    )
    .action(async (what, { bench, out, runs, json }) => {
      const report = what.every((file) => file.endsWith('.json'))
        ? await reportBenches([...what, ...(bench ?? [])], out)
        : await reportRun(what, { bench, out, runs });
      if (json) printJson({ report });
      else print(`Report: ${report}`);
    });
}

async function reportRun(
  [named = '', ...others]: readonly string[],
  { bench, out, runs }: { bench: readonly string[] | undefined; out: string | undefined; runs: string },
): Promise<string> {
  if (others.length > 0) {
    throw new UsageError(
      `A report is of one run, or of files of benchmarks (.json): found ${[named, ...others].join(' ')}. Write ` +
        'benchmarks to show with a run as --bench FILE.',
    );
  }
  const run = await readRun(await findRunFolder(named, runs));
  return await writeReport(run, { bench, out, command: commandFor(run) });
}

async function reportBenches(files: readonly string[], out: string | undefined): Promise<string> {
  const [first = ''] = files;
  const page = out ?? `${first.slice(0, -'.json'.length)}.html`;
  await writeBenchReport(page, await readBenches(files), commandLine());
  return page;
}
