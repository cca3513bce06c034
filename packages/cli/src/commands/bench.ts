import { Command, Option } from '@commander-js/extra-typings';
import { latencyTable, sizeTable } from '@winning-tickets/bench';
import { benchWithProgress, writeBench, writeCsv } from '../benching.js';
import { commandLine } from '../command-line.js';
import { interruptible } from '../interrupts.js';
import { count, dataDirOption, examples, integer, jsonOption, sizes } from '../options.js';
import { renderTable } from '../render/table.js';
import { writeBenchReport } from '../reporting.js';
import { colorsOf, note, print, printJson } from '../terminal.js';

/** What models cost to run. */
export function benchCommand() {
  return new Command('bench')
    .summary('measure ONNX files side by side')
    .description(
      'Measures ONNX files side by side: latency, throughput, memory, size, and accuracy where a file says what it was ' +
        'trained on. Any model will do that has one input of numbers, or words and weights. Let the machine rest meanwhile.',
    )
    .argument('<models...>', '.onnx files')
    .option('--baseline <file>', 'what ratios compare with (default: the first dense model, else the first)')
    .addOption(
      new Option(
        '--batches <sizes>',
        'batch sizes; 1..1024 for all powers of two (default: 1,32,256)',
      ).argParser(sizes),
    )
    .addOption(
      new Option('--repeats <n>', 'blocks of each model and batch size (default: 10)').argParser(integer),
    )
    .addOption(
      new Option('--processes <n>', 'processes that divide the blocks among them')
        .argParser(count)
        .default(2),
    )
    .addOption(
      new Option('--provider <name>', 'what runs the models (see tickets doctor)')
        .choices(['cpu', 'cuda', 'webgpu'] as const)
        .default('cpu' as const),
    )
    .addOption(new Option('--threads <n>', 'threads inside one operator').argParser(count).default(1))
    .addOption(new Option('--seed <n>', 'seed of the order and the inputs').argParser(integer).default(1))
    .option('--out <file>', 'write the result, with every sample, as JSON')
    .option('--csv <dir>', 'write tables as CSV into a folder')
    .option('--report <file>', 'write an HTML page: what is gained, and the evidence')
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets bench dense.onnx compact.onnx',
        'tickets bench dense.onnx compact.onnx --provider cuda',
        'tickets bench a.onnx b.onnx --baseline a.onnx --batches 1,64 --out bench.json --csv tables',
      ),
    )
    .action(
      async (
        files,
        { baseline, batches, repeats, processes, provider, threads, seed, out, csv, report, dataDir, json },
      ) => {
        const result = await interruptible((signal) =>
          benchWithProgress({
            files,
            baseline,
            batches,
            repeats,
            processes: Math.min(processes, repeats ?? processes),
            provider,
            threads,
            seed,
            signal,
            data: { directory: dataDir },
          }),
        );
        if (out !== undefined) await writeBench(out, result);
        if (report !== undefined) await writeBenchReport(report, [result], commandLine());
        const csvFiles = csv === undefined ? [] : await writeCsv(csv, result);
        if (json) {
          printJson(result);
          return;
        }
        const colors = colorsOf(process.stdout);
        const { answersOf, answerText } = await import('@winning-tickets/report/answer');
        const answers = answersOf(result).map((answer) => answerText(answer, result, ({ name }) => name));
        const tables = [sizeTable(result), latencyTable(result)].map((table) => renderTable(table, colors));
        print([...(answers.length > 0 ? [answers.join('\n')] : []), ...tables].join('\n\n'));
        for (const { name, notes } of result.models) for (const text of notes) note(`${name}: ${text}`);
        for (const warning of result.warnings) note(`warning: ${warning}`);
        for (const file of [out, report, ...csvFiles].filter((each) => each !== undefined))
          note(`written: ${file}`);
      },
    );
}
