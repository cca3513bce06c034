import { Command, Option } from '@commander-js/extra-typings';
import { loadDataset } from '@winning-tickets/datasets';
import { encodingNames } from '@winning-tickets/export';
import { readTicket } from '@winning-tickets/ticket';
import { checkEncodings, exportAll, withSwitches } from '../exporting.js';
import { interruptible } from '../interrupts.js';
import { dataDirOption, examples, jsonOption, words } from '../options.js';
import { exportedText } from '../render/exports.js';
import { print, printJson } from '../terminal.js';
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
      new Option('--encoding <names>', `encodings, with commas between: ${encodingNames().join(', ')}`)
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
      ),
    )
    .action(
      async (
        ticket,
        { encoding, out, liveInputs = false, compactBag = false, of, force = false, dataDir, json },
      ) => {
        const switches = { liveInputs, compactBag, of };
        const models = withSwitches(checkEncodings(encoding, switches), switches);
        const { metadata } = await readTicket(ticket);
        const { directory, ...recorded } = recordedData(metadata);
        const dataset = await loadDataset({ ...recorded, directory: dataDir ?? directory });
        const files = await interruptible((signal) =>
          exportAll({
            tickets: [{ file: ticket, models }],
            out,
            dataset,
            overwrite: force,
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
