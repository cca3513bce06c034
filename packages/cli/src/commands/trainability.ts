import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { readRun, trainability } from '@winning-tickets/train';
import { examples, jsonOption, runsOption } from '../options.js';
import { renderTable } from '../render/table.js';
import { trainabilityCaption, trainabilityTable } from '../render/trainability-table.js';
import { findRunFolder } from '../run-folder.js';
import { colorsOf, print, printJson } from '../terminal.js';
import { withHistories } from '../training-courses.js';

/** What tickets save when they train, and what it costs to find them. */
export function trainabilityCommand() {
  return new Command('trainability')
    .summary('say what tickets save when they train, and what finding them costs')
    .description(
      'Says of each branch and level of a run how many steps and how much time it takes to come to a loss and to the early ' +
        'stop, beside the dense network; what it costs to find what is trained; and after how many trainings that has paid.',
    )
    .argument('<run>', 'a run, finished or not: its folder or name')
    .addOption(
      new Option(
        '--loss <nats>',
        "validation loss to come to (default: the least of the same trial's dense network)",
      ).argParser(loss),
    )
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('tickets trainability quick', 'tickets trainability quick --loss 0.1 --json'),
    )
    .action(async (named, { loss: asked, runs, json }) => {
      const run = await readRun(await findRunFolder(named, runs));
      const result = trainability(await withHistories(run), asked);
      if (json) {
        printJson({ run: run.folder, ...result });
        return;
      }
      const table = renderTable(trainabilityTable(result), colorsOf(process.stdout));
      print(
        result.costs.length === 0
          ? 'No dense network is trained yet.'
          : [table, '', trainabilityCaption(result)].join('\n'),
      );
    });
}

function loss(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}
