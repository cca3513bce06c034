import { Command } from '@commander-js/extra-typings';
import { listRuns } from '@winning-tickets/train';
import { examples, jsonOption, runsOption } from '../options.js';
import { runsTable } from '../render/runs.js';
import { renderTable } from '../render/table.js';
import { colorsOf, note, print, printJson } from '../terminal.js';

/** All runs in a folder. */
export function listCommand() {
  return new Command('list')
    .summary('list runs')
    .description('Lists runs: how far each is, how much disk it takes, and when it last finished a training.')
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('tickets list', 'tickets list --runs /data/runs --json'))
    .action(async ({ runs, json }) => {
      const found = await listRuns(runs);
      if (json) {
        printJson(
          found.map((run) => ({
            ...run,
            lastFinished: run.lastFinished ?? null,
            problem: run.problem ?? null,
          })),
        );
        return;
      }
      if (found.length === 0) note(`no runs in ${runs}: start one with tickets run quick`);
      else print(renderTable(runsTable(found), colorsOf(process.stdout)));
      for (const { problem } of found) if (problem !== undefined) note(`warning: ${problem}`);
    });
}
