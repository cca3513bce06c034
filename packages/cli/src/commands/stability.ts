import { Command, Option } from '@commander-js/extra-typings';
import { loadDataset } from '@winning-tickets/datasets';
import type { Run } from '@winning-tickets/train';
import { analyseStability, branchOf, readRun } from '@winning-tickets/train';
import { interruptible } from '../interrupts.js';
import { stagesToExport } from '../exporting.js';
import { UsageError } from '../failures.js';
import { count, dataDirOption, examples, integers, jsonOption, runsOption, words } from '../options.js';
import { withCounter } from '../progress/counter.js';
import { stabilityTables } from '../render/stability-table.js';
import { renderTable } from '../render/table.js';
import { findRunFolder, runFiles } from '../run-folder.js';
import { colorsOf, note, print, printJson } from '../terminal.js';

/** Whether the outcome of a training depends on the order of its batches. */
export function stabilityCommand() {
  return new Command('stability')
    .summary('see from which step on a ticket no longer depends on the order of its batches')
    .description(
      'Trains the dense network to a step, prunes it by the masks of a run, trains two copies on with their batches in ' +
        'different orders, and measures the networks on the line between them (Frankle et al. 2020). Compares the masks ' +
        'of the trials, too. What the file has already is not done again.',
    )
    .argument('<run>', 'a run: its folder or name')
    .addOption(
      new Option(
        '--steps <steps>',
        'where copies part (default: 0, and a hundredth, a twentieth and a fifth of the training)',
      ).argParser(integers),
    )
    .addOption(
      new Option(
        '--levels <levels>',
        'levels of the run (default: 0, and those nearest to 13.5 % and 3.6 % of the weights)',
      ).argParser(integers),
    )
    .addOption(
      new Option(
        '--branches <names>',
        'whose masks, of those that differ from the iterative ones in nothing else',
      )
        .argParser(words)
        .default(['iterative', 'random-mask'], 'iterative,random-mask where the run has it'),
    )
    .addOption(new Option('--trials <trials>', 'trials of the run (default: all)').argParser(integers))
    .addOption(
      new Option('--points <n>', 'networks on the line, both copies among them').argParser(count).default(11),
    )
    .option(
      '--out <file>',
      "the result (default: stability.json in the run's folder, which its report shows)",
    )
    .addOption(dataDirOption())
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets stability quick',
        'tickets stability lenet-mnist --steps 0,100,1000 --levels 0,10 --trials 1,2,3',
      ),
    )
    .action(async (named, { steps, levels, branches, trials, points, out, dataDir, runs, json }) => {
      if (points < 2) throw new UsageError(`--points is at least 2, for both copies: found ${points}`);
      const run = await readRun(await findRunFolder(named, runs));
      const file = out ?? runFiles(run.folder).stability;
      const result = await interruptible((signal) =>
        withCounter('analysing', async (onProgress) =>
          analyseStability({
            run,
            dataset: await loadDataset({
              ...run.experiment.dataset,
              ...(dataDir === undefined ? {} : { directory: dataDir }),
            }),
            trials: trialsOf(run, trials),
            branches: branches.map((name) => branchOf(name).id),
            levels: stagesToExport(run, levels).map(({ level }) => level),
            steps: steps ?? defaultSteps(run.experiment.iterations),
            points,
            file,
            signal,
            onProgress,
          }),
        ),
      );
      if (json) {
        printJson(result);
        return;
      }
      const colors = colorsOf(process.stdout);
      print(
        stabilityTables(result)
          .map((table) => renderTable(table, colors))
          .join('\n\n'),
      );
      note(`written: ${file}`);
    });
}

function trialsOf({ stages }: Run, asked: readonly number[] | undefined): number[] {
  const there = [...new Set(stages.map(({ trial }) => trial))].sort((a, b) => a - b);
  const missing = asked?.find((trial) => !there.includes(trial));
  if (missing !== undefined) {
    throw new UsageError(`trial ${missing} is not in the run: it has ${there.join(', ') || 'none yet'}`);
  }
  return asked ? [...new Set(asked)] : there;
}

function defaultSteps(iterations: number): number[] {
  return [...new Set([0, 0.01, 0.05, 0.2].map((share) => Math.round(share * iterations)))];
}
