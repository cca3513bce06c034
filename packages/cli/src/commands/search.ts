import { join, relative } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { commandLine } from '../command-line.js';
import { interruptible } from '../interrupts.js';
import { count, dataDirOption, examples, integer, jsonOption, runsOption } from '../options.js';
import { choicesTable, rankingTable, searchCaption } from '../render/search-tables.js';
import { renderTable } from '../render/table.js';
import { loadSearch } from '../search-file.js';
import { writeSearchReport } from '../search-reporting.js';
import { searchWithProgress } from '../searching.js';
import { colorsOf, print, printJson } from '../terminal.js';

/** A sensible dense network, before anything is pruned. */
export function searchCommand() {
  return new Command('search')
    .summary('find a sensible dense network for some data')
    .description(
      'Trains networks of several families, drawn from a grid of choices, ranks them by what the validation samples ' +
        'say, and compares the best of each family with simple baselines. What is finished already is not trained ' +
        'again; several processes may work on the same search at the same time.',
    )
    .argument('<search>', 'search file (JSON), or the name of one that comes along: reuters')
    .addOption(runsOption())
    .addOption(dataDirOption())
    .addOption(
      new Option('--workers <n>', 'trainings at a time (default: as many as cores carry)').argParser(count),
    )
    .addOption(
      new Option('--candidates <n>', 'networks to train, instead of what the file says').argParser(integer),
    )
    .addOption(new Option('--trials <n>', 'trainings of each network').argParser(integer))
    .addOption(new Option('--seed <n>', 'seed of all randomness').argParser(integer))
    .addOption(new Option('--threads <n>', 'threads of each training').argParser(integer))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets search reuters',
        'tickets search reuters --candidates 6 --json',
        'tickets search my-search.json --workers 2',
      ),
    )
    .action(async (named, options) => {
      const { runs, workers, json } = options;
      const loaded = await loadSearch(named, options);
      const { folder, result } = await interruptible((signal) =>
        searchWithProgress({ ...loaded, runs, workers, signal }),
      );
      // Without a result it was stopped, which ends in an error above.
      if (!result) return;
      const report = await writeSearchReport(folder, result, commandLine());
      if (json) {
        printJson({ ...result, folder, report });
        return;
      }
      const colors = colorsOf(process.stdout);
      print(renderTable(rankingTable(result), colors));
      print(`\n${renderTable(choicesTable(result), colors)}`);
      print(colors.dim(searchCaption(result)));
      const [best] = result.chosen;
      if (best) {
        const file = relative('', join(folder, best.experiment));
        print(`To look for tickets in the best: ${commandLine(['run', file, '--levels', '9'])}`);
      }
      print(`Report: ${report}`);
    });
}
