import { Command, Option } from '@commander-js/extra-typings';
import { loadExperiment } from '../experiment-file.js';
import { interruptible } from '../interrupts.js';
import { count, dataDirOption, examples, jsonOption, runsOption } from '../options.js';
import { renderTable } from '../render/table.js';
import { ticketRows, ticketsCaption, ticketsTable } from '../render/tickets-table.js';
import { colorsOf, note, print, printJson } from '../terminal.js';
import { trainWithProgress } from '../training.js';
import { overrideOptions } from './overrides.js';

/** Only the training of an experiment. */
export function trainCommand() {
  return new Command('train')
    .summary('only train an experiment')
    .description(
      'Trains an experiment. What is finished already is not trained again; several processes may train the same ' +
        'experiment at the same time.',
    )
    .argument(
      '<experiment>',
      'experiment file (JSON), or the name of one that comes along: quick, lenet-mnist',
    )
    .addOption(runsOption())
    .addOption(dataDirOption())
    .addOption(
      new Option('--workers <n>', 'trainings at a time (default: as many as cores carry)').argParser(count),
    )
    .addOption(overrideOptions.trials())
    .addOption(overrideOptions.iterations())
    .addOption(overrideOptions.evaluateEvery())
    .addOption(overrideOptions.levels())
    .addOption(overrideOptions.seed())
    .addOption(overrideOptions.threads())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('tickets train lenet-mnist', 'tickets train quick --iterations 1000 --json'),
    )
    .action(async (named, options) => {
      const { experiment, source, notes } = await loadExperiment(named, options);
      notes.forEach(note);
      const { runs, workers } = options;
      const run = await interruptible((signal) =>
        trainWithProgress({ experiment, source, runs, workers, signal }),
      );
      const rows = ticketRows(run);
      if (options.json) {
        const trainings = { done: run.stages.length, expected: run.expected };
        printJson({ schema: 1, run: run.folder, hash: run.hash, trainings, tickets: rows });
        return;
      }
      const colors = colorsOf(process.stdout);
      print(renderTable(ticketsTable(rows), colors));
      print(colors.dim(ticketsCaption(experiment.trials)));
      print(`Run: ${run.folder}`);
    });
}
