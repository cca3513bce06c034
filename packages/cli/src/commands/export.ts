import { basename } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { loadDataset } from '@winning-tickets/datasets';
import { encodingNames } from '@winning-tickets/export';
import { readTicket } from '@winning-tickets/ticket';
import { exportBest } from '../best/export-best.js';
import type { BestPlan } from '../best/export-best.js';
import { checkBest } from '../best/usage.js';
import { checkEncodings, exportAll, withSwitches } from '../exporting.js';
import { interruptible } from '../interrupts.js';
import { count, dataDirOption, examples, integer, jsonOption, sizes, words } from '../options.js';
import { bestText } from '../render/best.js';
import { exportedText } from '../render/exports.js';
import { note, print, printJson } from '../terminal.js';
import { recordedData } from '../ticket-data.js';

/** A ticket as ONNX files. */
export function exportCommand() {
  return new Command('export')
    .summary('export a ticket as ONNX files')
    .description(
      'Exports a ticket as ONNX files, and proves each equal to the trained network on the test samples before it is ' +
        'written.',
    )
    .argument('<ticket>', 'a .ticket file')
    .addOption(
      new Option(
        '--encoding <names>',
        `encodings, with commas between: ${encodingNames().join(', ')}; or best, the fastest here`,
      )
        .argParser(words)
        .default(['compact'], 'compact'),
    )
    .option('--out <path>', 'folder, or file ending in .onnx for one encoding', '.')
    .option('--live-inputs', 'models take only the inputs that matter, listed in their metadata')
    .option(
      '--compact-bag',
      'models over bags are of the network without the words and units that have no effect',
    )
    .option('--of <encoding>', 'the encoding whose weights fp16 and int8 round (default: dense)')
    .addOption(new Option('--batches <sizes>', 'for best: batch sizes (default: 1,32)').argParser(sizes))
    .addOption(
      new Option('--provider <name>', 'for best: what runs the models (default: cpu)').choices([
        'cpu',
        'cuda',
        'webgpu',
      ] as const),
    )
    .addOption(
      new Option('--threads <n>', 'for best: threads inside one operator (default: 1)').argParser(count),
    )
    .addOption(
      new Option('--repeats <n>', 'for best: blocks of each model and batch size (default: 10)').argParser(
        integer,
      ),
    )
    .addOption(
      new Option('--seed <n>', 'for best: seed of the order and the inputs (default: 1)').argParser(integer),
    )
    .option('--allow-rounding', 'for best: fp16 and int8 too')
    .option('--force', 'replace files that are no exports of this ticket')
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets export level-9.ticket --encoding dense,sparse,compact --out models',
        'tickets export level-9.ticket --encoding compact --live-inputs --out small.onnx',
        'tickets export news.ticket --encoding bag,shared-bag --compact-bag --out models',
        'tickets export level-9.ticket --encoding int8 --of compact --out models',
        'tickets export level-9.ticket --encoding best --batches 1,32 --out models',
      ),
    )
    .action(
      async (
        ticket,
        { encoding, out, liveInputs = false, compactBag = false, of, force = false, dataDir, json, ...best },
      ) => {
        const switches = { liveInputs, compactBag, of };
        const isBest = checkBest(encoding, out, best, switches);
        const models = isBest ? [] : withSwitches(checkEncodings(encoding, switches), switches);
        const { metadata } = await readTicket(ticket);
        const { directory, ...recorded } = recordedData(metadata);
        const folder = dataDir ?? directory;
        const dataset = await loadDataset({ ...recorded, directory: folder });
        const shared = { out, dataset, overwrite: force };
        if (isBest) {
          const { allowRounding = false, ...choices } = best;
          const processes = Math.min(2, choices.repeats ?? 2);
          const bench = { ...benchDefaults, ...choices, processes, data: { directory: folder } };
          await printBest({ ...shared, ticket, bench, switches, allowRounding }, json);
          return;
        }
        const files = await interruptible((signal) =>
          exportAll({
            ...shared,
            tickets: [{ file: ticket, models }],
            signal,
            onExported: (file) => {
              if (!json) print(exportedText(file));
            },
          }),
        );
        if (json) printJson(files);
      },
    );
}

/** How `best` measures unless it is told. */
const benchDefaults = { batches: [1, 32], seed: 1 };

async function printBest(
  plan: Omit<BestPlan, 'signal' | 'onCandidate'>,
  json: true | undefined,
): Promise<void> {
  const result = await interruptible((signal) =>
    exportBest({
      ...plan,
      signal,
      onCandidate: ({ file }) => {
        note(`proved ${basename(file)}`);
      },
    }),
  );
  if (json) {
    printJson(result);
    return;
  }
  print(bestText(result.evidence));
  for (const warning of result.evidence.reportedIn.warnings) note(`warning: ${warning}`);
  note(`written: ${result.evidenceFile}`);
}
