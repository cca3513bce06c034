import { createInterface } from 'node:readline/promises';
import { Command } from '@commander-js/extra-typings';
import { diskUse, listRuns } from '@winning-tickets/train';
import { cleanFolder } from '../cleaning.js';
import { UsageError } from '../failures.js';
import { examples, jsonOption, runsOption } from '../options.js';
import { bytesText, counted } from '../render/format.js';
import { renderTable } from '../render/table.js';
import { findRunFolder } from '../run-folder.js';
import { colorsOf, note, print, printJson } from '../terminal.js';

/** Frees disk space. */
export function cleanCommand() {
  return new Command('clean')
    .summary('show what runs take of the disk, and delete it')
    .description(
      'Shows what runs take of the disk; with --checkpoints or --all deletes of a run, or of all runs where none is ' +
        'named. Deletes only what this program wrote, and asks first.',
    )
    .argument('[run]', 'a run: its folder or name (default: all)')
    .option('--checkpoints', 'delete what unfinished trainings would go on from')
    .option('--all', 'delete everything: tickets, models, benchmark and report')
    .option('--yes', 'do not ask')
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('tickets clean', 'tickets clean quick --all', 'tickets clean --checkpoints --yes'),
    )
    .action(async (named, { checkpoints = false, all = false, yes = false, runs, json }) => {
      if (checkpoints && all)
        throw new UsageError('--checkpoints and --all exclude each other: --all deletes both');
      const folders =
        named === undefined
          ? (await listRuns(runs)).map(({ folder }) => folder)
          : [await findRunFolder(named, runs)];
      const uses = await Promise.all(
        folders.map(async (folder) => ({ folder, bytes: await diskUse(folder) })),
      );
      if (!checkpoints && !all) {
        if (json) printJson(uses);
        else if (uses.length === 0) note(`no runs in ${runs}`);
        else {
          const rows = uses.map(({ folder, bytes }) => [folder, bytesText(bytes)]);
          print(renderTable({ headers: ['run', 'size'], rows }, colorsOf(process.stdout)));
        }
        return;
      }
      if (folders.length === 0) {
        if (json) printJson([]);
        else note(`no runs in ${runs}`);
        return;
      }
      const what = all ? 'everything' : 'checkpoints';
      if (!yes && !(await confirmed(`delete ${what} of ${folders.join(', ')}?`, json === true))) {
        note('nothing deleted');
        return;
      }
      const cleaned = [];
      for (const folder of folders) {
        const result = { folder, ...(await cleanFolder(folder, all ? 'all' : 'checkpoints')) };
        if (!json) print(`${folder}: deleted ${counted(result.files, 'file')}, ${bytesText(result.bytes)}`);
        for (const path of result.kept) note(`kept ${path}: this program did not write it`);
        cleaned.push(result);
      }
      if (json) printJson(cleaned);
    });
}

async function confirmed(question: string, json: boolean): Promise<boolean> {
  if (json || !process.stdin.isTTY) throw new Error(`${question} Nothing was deleted: add --yes`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
