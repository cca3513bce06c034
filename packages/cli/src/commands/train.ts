import { loadExperimentOrGrid } from '../experiment-file.js';
import { interruptible } from '../interrupts.js';
import { examples, jsonOption } from '../options.js';
import { renderTable } from '../render/table.js';
import { ticketRows, ticketsCaption, ticketsTable } from '../render/tickets-table.js';
import { colorsOf, note, print, printJson } from '../terminal.js';
import { trainWithProgress } from '../training.js';
import { experimentCommand } from './experiment-command.js';
import { trainGrid } from './train-grid.js';

/** Only the training of an experiment. */
export function trainCommand() {
  return experimentCommand('train')
    .summary('only train an experiment, or a grid of them')
    .description(
      'Trains an experiment, or all experiments of a grid. What is finished already is not trained again; several processes may train the same ' +
        'experiment at the same time.',
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('tickets train lenet-mnist', 'tickets train quick --iterations 1000 --json'),
    )
    .action(async (named, options) => {
      const loaded = await loadExperimentOrGrid(named, options);
      if ('grid' in loaded) {
        await trainGrid(loaded, options);
        return;
      }
      const { experiment, source, notes } = loaded;
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
