import { createRequire } from 'node:module';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { examples } from './options.js';

/** What loads a command, by its name: most of what starting takes is loading, and a command needs a part of it. */
const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  run: async () => (await import('./commands/run.js')).runCommand(),
  train: async () => (await import('./commands/train.js')).trainCommand(),
  search: async () => (await import('./commands/search.js')).searchCommand(),
  list: async () => (await import('./commands/list.js')).listCommand(),
  status: async () => (await import('./commands/status.js')).statusCommand(),
  show: async () => (await import('./commands/show.js')).showCommand(),
  claims: async () => (await import('./commands/claims.js')).claimsCommand(),
  verify: async () => (await import('./commands/verify.js')).verifyCommand(),
  export: async () => (await import('./commands/export.js')).exportCommand(),
  predict: async () => (await import('./commands/predict.js')).predictCommand(),
  bench: async () => (await import('./commands/bench.js')).benchCommand(),
  crossover: async () => (await import('./commands/crossover.js')).crossoverCommand(),
  stability: async () => (await import('./commands/stability.js')).stabilityCommand(),
  trainability: async () => (await import('./commands/trainability.js')).trainabilityCommand(),
  report: async () => (await import('./commands/report.js')).reportCommand(),
  datasets: async () => (await import('./commands/datasets.js')).datasetsCommand(),
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand(),
  clean: async () => (await import('./commands/clean.js')).cleanCommand(),
};

function collected(file: string, before: string[]): string[] {
  return [...before, file];
}

/**
 * The `tickets` command with its subcommands.
 *
 * @param args what follows the program's name: where it names subcommands, the others are left out
 */
export async function createProgram(args: readonly string[]): Promise<CommandUnknownOpts> {
  const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };
  const program = new Command('tickets')
    .description('Find winning tickets in neural networks, export them, and measure what they really gain.')
    .version(version)
    .exitOverride()
    .option('--module <file>', 'load layers or networks of your own first; may be repeated', collected, [])
    .hook('preAction', async (_, action) => {
      const files = action.optsWithGlobals()['module'] as string[];
      if (files.length > 0) await (await import('./own-modules.js')).loadOwnModules(files);
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
  const all = Object.keys(commands);
  const named = all.filter((name) => args.includes(name));
  const needed = args[0] === '--version' ? [] : named.length > 0 ? named : all;
  for (const name of needed) {
    const command = (await commands[name]?.()) as CommandUnknownOpts;
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}
