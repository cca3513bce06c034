import { Command } from '@commander-js/extra-typings';
import { readRun } from '@winning-tickets/train';
import { examples, jsonOption, runsOption } from '../options.js';
import { commandFor, writeReport } from '../reporting.js';
import { findRunFolder } from '../run-folder.js';
import { print, printJson } from '../terminal.js';

/** A run as a page. */
export function reportCommand() {
  return new Command('report')
    .summary("write a run's report as an HTML page")
    .description("Writes a run's report, finished or not: one HTML page that needs no other file.")
    .argument('<run>', 'a run: its folder or name')
    .option('--bench <file>', "a benchmark to include (default: the run's bench.json, if there is one)")
    .option('--out <file>', "the page to write (default: report.html in the run's folder)")
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('tickets report quick', 'tickets report quick --bench other.json --out page.html'),
    )
    .action(async (named, { bench, out, runs, json }) => {
      const run = await readRun(await findRunFolder(named, runs));
      const report = await writeReport(run, { bench, out, command: commandFor(run) });
      if (json) printJson({ report });
      else print(`Report: ${report}`);
    });
}
