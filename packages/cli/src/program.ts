import { createRequire } from 'node:module';
import { loadModules } from '@winning-tickets/train';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { benchCommand } from './commands/bench.js';
import { claimsCommand } from './commands/claims.js';
import { cleanCommand } from './commands/clean.js';
import { crossoverCommand } from './commands/crossover.js';
import { stabilityCommand } from './commands/stability.js';
import { statusCommand } from './commands/status.js';
import { datasetsCommand } from './commands/datasets.js';
import { doctorCommand } from './commands/doctor.js';
import { exportCommand } from './commands/export.js';
import { listCommand } from './commands/list.js';
import { predictCommand } from './commands/predict.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { searchCommand } from './commands/search.js';
import { showCommand } from './commands/show.js';
import { trainCommand } from './commands/train.js';
import { verifyCommand } from './commands/verify.js';
import { examples } from './options.js';

function collected(file: string, before: string[]): string[] {
  return [...before, file];
}

/** The `tickets` command with all its subcommands. */
export function createProgram(): CommandUnknownOpts {
  const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };
  const program = new Command('tickets')
    .description('Find winning tickets in neural networks, export them, and measure what they really gain.')
    .version(version)
    .exitOverride()
    .option('--module <file>', 'load layers or networks of your own first; may be repeated', collected, [])
    .hook('preAction', async (_, action) => {
      await loadModules(action.optsWithGlobals()['module'] as string[]);
    })
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error: /, 'tickets: ').replace(/\n\(Did you mean/, ' (did you mean'));
      },
    })
    .addHelpText(
      'after',
      examples(
        'tickets run quick',
        'tickets show quick',
        'tickets predict runs/quick-*/exports/*-compact.onnx --image digit.png',
        'tickets predict news.onnx --text "Wheat exports rose"',
      ),
    );
  const commands = [
    runCommand(),
    trainCommand(),
    searchCommand(),
    listCommand(),
    statusCommand(),
    showCommand(),
    claimsCommand(),
    verifyCommand(),
    exportCommand(),
    predictCommand(),
    benchCommand(),
    crossoverCommand(),
    stabilityCommand(),
    reportCommand(),
    datasetsCommand(),
    doctorCommand(),
    cleanCommand(),
  ];
  for (const command of commands) {
    program.addCommand((command as CommandUnknownOpts).copyInheritedSettings(program));
  }
  return program;
}
