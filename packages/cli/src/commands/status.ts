import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { RunStatus } from '@winning-tickets/train';
import { isRun, readGrid, runStatus } from '@winning-tickets/train';
import type { GridFolder } from '../comparing.js';
import { findGrid } from '../comparing.js';
import { codeOf } from '../failures.js';
import { examples, jsonOption, runsOption } from '../options.js';
import { failuresOf, statusTable, tally } from '../render/status-table.js';
import { renderTable } from '../render/table.js';
import { findRunFolder } from '../run-folder.js';
import { colorsOf, note, print, printJson } from '../terminal.js';

/** How far runs and grids are. */
export function statusCommand() {
  return new Command('status')
    .summary('show how far runs and grids are')
    .description(
      'Shows how far runs and grids are, training by training: done, running, failed, waiting, and the time that is left ' +
        'at the pace of those that are done. Running a command again goes on with what waits and tries again what failed.',
    )
    .argument('[what...]', 'runs or grids: their folders or names (default: all in the folder of runs)')
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('tickets status', 'tickets status grid-criteria --json'))
    .action(async (named, { runs, json }) => {
      const folders = named.length > 0 ? await foldersOf(named, runs) : await allIn(runs);
      const found: RunStatus[] = [];
      for (const folder of folders) found.push(await runStatus(folder));
      if (json) {
        printJson(
          found.map((run) => ({
            ...{ folder: run.folder, name: run.experiment.name, hash: run.hash },
            ...{ ...tally(run), secondsLeft: run.secondsLeft ?? null, stages: run.stages },
          })),
        );
        return;
      }
      if (found.length === 0) note(`no runs in ${runs}: start one with tickets run quick`);
      else print(renderTable(statusTable(found), colorsOf(process.stdout)));
      for (const failure of failuresOf(found)) note(failure);
    });
}

async function foldersOf(named: readonly string[], runs: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of named) {
    const grid = await findGrid(name, runs);
    if (grid) found.push(...(await runsOf(grid)));
    else found.push(await findRunFolder(name, runs));
  }
  return found;
}

async function allIn(runs: string): Promise<string[]> {
  const names = await readdir(runs, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const folders: string[] = [];
  for (const entry of names.filter((each) => each.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const folder = join(runs, entry.name);
    const grid = await readGrid(folder);
    folders.push(...(grid ? await runsOf({ folder, grid }) : await begun([folder])));
  }
  return folders;
}

async function runsOf({ folder, grid }: GridFolder): Promise<string[]> {
  return await begun(grid.cells.map(({ run }) => join(folder, run)));
}

/** Those that are runs already. */
async function begun(folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) if (await isRun(folder)) found.push(folder);
  return found;
}
