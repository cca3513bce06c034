import { Command } from '@commander-js/extra-typings';
import { evaluateClaims, readRun } from '@winning-tickets/train';
import { loadClaims, usualClaims } from '../claims-file.js';
import { examples, jsonOption, runsOption } from '../options.js';
import { claimsCaption, claimsTable } from '../render/claims-table.js';
import { renderTable } from '../render/table.js';
import { findRunFolder } from '../run-folder.js';
import { colorsOf, print, printJson } from '../terminal.js';

/** A paper's claims, held against a run. */
export function claimsCommand() {
  return new Command('claims')
    .summary("hold a paper's claims against a run")
    .description(
      "Holds a paper's claims against a run, finished or not: each holds, does not hold or is undecided, by the 95 % " +
        'interval of paired differences over the trials. Succeeds whatever the outcome.',
    )
    .argument('<run>', 'a run: its folder or name')
    .option('--claims <file>', 'file of claims (JSON), or the name of one that comes along', usualClaims)
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('tickets claims quick', 'tickets claims quick --claims own.json --json'))
    .action(async (named, { claims: file, runs, json }) => {
      const { source, claims } = await loadClaims(file);
      const run = await readRun(await findRunFolder(named, runs));
      const results = evaluateClaims(run, claims);
      if (json) {
        printJson({ source, run: run.folder, results });
        return;
      }
      const table = renderTable(claimsTable(results), colorsOf(process.stdout));
      print([source, '', table, '', claimsCaption(results)].join('\n'));
    });
}
