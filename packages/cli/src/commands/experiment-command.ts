import { Command, Option } from '@commander-js/extra-typings';
import { engineNames } from '@winning-tickets/train';
import { count, dataDirOption, integer, runsOption } from '../options.js';

/**
 * A command that trains an experiment: its argument, where and how it trains, and what it changes of the experiment.
 * Whether a number is in range, the experiment's own check says.
 */
export function experimentCommand(name: string) {
  return new Command(name)
    .argument(
      '<experiment>',
      'experiment file (JSON), or the name of one that comes along: quick, lenet-mnist, lenet5-mnist, reuters-ffnn, …',
    )
    .addOption(runsOption())
    .addOption(dataDirOption())
    .addOption(
      new Option('--workers <n>', 'trainings at a time (default: as many as cores carry)').argParser(count),
    )
    .addOption(
      new Option('--trials <n>', 'independent repetitions, instead of what the file says').argParser(integer),
    )
    .addOption(new Option('--iterations <n>', 'steps per training').argParser(integer))
    .addOption(new Option('--evaluate-every <n>', 'steps between evaluations').argParser(integer))
    .addOption(new Option('--levels <n>', 'rounds of pruning').argParser(integer))
    .addOption(new Option('--seed <n>', 'seed of all randomness').argParser(integer))
    .addOption(new Option('--threads <n>', 'threads of each training').argParser(integer))
    .addOption(
      new Option(
        '--branch <what>',
        'train a branch besides those of the file, as kind[,option=value…][:levels], such as rewound,step=100:5,10 ' +
          '(default: all levels); may be repeated; kinds and options: docs/branches.md',
      ).argParser((text: string, all: readonly string[] | undefined) => [...(all ?? []), text]),
    )
    .addOption(
      new Option(
        '--engine <name>',
        'what trains: ONNX Runtime, or TensorFlow.js (see tickets doctor)',
      ).choices(engineNames),
    )
    .addOption(
      new Option('--device <name>', 'where to train: cpu, cuda, webgpu; with --engine tfjs: cpu, gpu, wasm'),
    )
    .addOption(
      new Option('--together <n>', 'trials that train side by side in one graph, to fill a GPU').argParser(
        integer,
      ),
    )
    .addOption(
      new Option(
        '--no-compact',
        'train networks whole, even where no gradient reaches; slower, the same but for rounding',
      ),
    );
}
