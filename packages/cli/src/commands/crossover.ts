import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { crossings } from '@winning-tickets/bench';
import { commandLine } from '../command-line.js';
import { measureCrossover } from '../crossing.js';
import { writeCrossoverCsv, writeCrossoverReport } from '../crossover-reporting.js';
import { readBenches } from '../reporting.js';
import { interruptible } from '../interrupts.js';
import { count, examples, integer, jsonOption, sizes, words } from '../options.js';
import { withCounter } from '../progress/counter.js';
import { crossoverTable } from '../render/crossover-table.js';
import { counted, durationText } from '../render/format.js';
import { renderTable } from '../render/table.js';
import { colorsOf, note, print, printJson } from '../terminal.js';

/** Where pruned layers begin to pay. */
export function crossoverCommand() {
  return new Command('crossover')
    .summary('measure from which density on pruned layers are faster than dense ones')
    .description(
      'Times hidden layers of several widths, pruned at random to several densities and written in several encodings, ' +
        'against the unpruned layer, and says from which density on each is faster. Says first how long it takes; Ctrl-C ' +
        'keeps what is measured, and what the file has already is not measured again. Let the machine rest meanwhile.',
    )
    .requiredOption('--out <file>', 'write the map as JSON, after each width and density')
    .addOption(
      new Option('--provider <name>', 'what runs the layers (see tickets doctor)')
        .choices(['cpu', 'cuda', 'webgpu'] as const)
        .default('cpu' as const),
    )
    .addOption(
      new Option('--widths <sizes>', 'units of the layer, and its inputs')
        .argParser(sizes)
        .default([128, 512, 2048] as number[], '128,512,2048'),
    )
    .addOption(
      new Option('--densities <shares>', 'shares of the weights that survive')
        .argParser(shares)
        .default([0.5, 0.2, 0.1, 0.05, 0.02, 0.01] as number[], '0.5,0.2,0.1,0.05,0.02,0.01'),
    )
    .addOption(
      new Option('--batches <sizes>', 'batch sizes')
        .argParser(sizes)
        .default([1, 32, 256] as number[], '1,32,256'),
    )
    .addOption(
      new Option('--repeats <n>', 'measured blocks of each encoding, at least 6 to be sure of anything')
        .argParser(count)
        .default(8),
    )
    .addOption(
      new Option(
        '--seeds <n>',
        'masks drawn for each case, which divide the repeats; intervals are over masks (default: one for each repeat)',
      ).argParser(count),
    )
    .addOption(new Option('--block-millis <n>', 'measured time of a block').argParser(count).default(30))
    .addOption(new Option('--threads <n>', 'threads inside one operator').argParser(count).default(1))
    .addOption(new Option('--seed <n>', 'seed of weights, masks and order').argParser(integer).default(1))
    .option('--csv <dir>', 'write tables as CSV into a folder')
    .option('--report <file>', 'write a page with plots')
    .addOption(
      new Option('--points <files>', 'results of tickets bench to show on the page').argParser(words),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets crossover --out map.json --report map.html',
        'tickets crossover --out gpu.json --provider cuda --widths 512,2048,4096 --batches 1,256,1024',
      ),
    )
    .action(async ({ out, csv, report, points = [], json, seeds, ...settings }) => {
      const options = { ...settings, seeds: seeds ?? settings.repeats };
      if (options.seeds > options.repeats) {
        throw new Error(
          `--seeds must be at most --repeats, which the masks divide: found ${options.seeds} masks for ${options.repeats} repeats.`,
        );
      }
      if (points.length > 0 && report === undefined) {
        throw new Error('--points shows benchmarks on the page; name the page with --report.');
      }
      // Before hours of measuring, not after.
      const benches = await readBenches(points);
      const map = await interruptible((signal) =>
        withCounter('measuring', (onProgress) =>
          measureCrossover(out, options, { signal, onPlan, onProgress }),
        ),
      );
      if (report !== undefined) await writeCrossoverReport(report, map, benches, commandLine());
      const tables = csv === undefined ? [] : await writeCrossoverCsv(csv, map);
      if (json) {
        printJson({ ...map, crossings: crossings(map) });
        return;
      }
      print(renderTable(crossoverTable(map), colorsOf(process.stdout)));
      for (const file of [out, ...tables, ...(report === undefined ? [] : [report])])
        note(`written: ${file}`);
    });
}

function onPlan(points: number, seconds: number): void {
  if (points > 0) note(`estimate: ${counted(points, 'layer')}, about ${durationText(seconds)}`);
}

/** Shares above 0, at most 1, with commas between them. */
function shares(text: string): number[] {
  const values = text.split(',').map(Number);
  if (values.some((value) => !(value > 0 && value <= 1))) {
    throw new InvalidArgumentError('Expected shares above 0 and at most 1, with commas between them.');
  }
  return values;
}
