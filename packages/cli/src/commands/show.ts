import { Command } from '@commander-js/extra-typings';
import { latencyTable, parseBenchResult, sizeTable } from '@winning-tickets/bench';
import { readModelInfo } from '@winning-tickets/onnx';
import { layerDensities, readTicket } from '@winning-tickets/ticket';
import { readRun } from '@winning-tickets/train';
import { readBytes, readJson } from '../bytes.js';
import { fileKind } from '../file-kind.js';
import { examples, jsonOption, runsOption } from '../options.js';
import { modelFactsText, runFactsText, ticketFactsText } from '../render/facts.js';
import { renderTable } from '../render/table.js';
import { ticketRows, ticketsCaption, ticketsTable } from '../render/tickets-table.js';
import { findRunFolder, statusOf } from '../run-folder.js';
import { colorsOf, print, printJson } from '../terminal.js';

/** Details of whatever file it is. */
export function showCommand() {
  return new Command('show')
    .summary('show what a run, a ticket, a model or a benchmark holds')
    .description('Shows what a run, a ticket (.ticket), a model (.onnx) or a benchmark (bench.json) holds.')
    .argument('<file>', 'a run (folder or name), a .ticket, an .onnx or a bench.json')
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'tickets show quick',
        'tickets show runs/quick-1a2b3c4d5e6f/trial-1/iterative/level-9/ticket-0123456789ab.ticket',
        'tickets show runs/quick-1a2b3c4d5e6f/bench.json',
      ),
    )
    .action(async (named, { runs, json }) => {
      const { value, text } = await details(named, runs);
      if (json) printJson(value);
      else print(text);
    });
}

interface Details {
  readonly value: unknown;
  readonly text: string;
}

async function details(named: string, runs: string): Promise<Details> {
  if (!(await statusOf(named))?.isFile()) {
    if (/\.(ticket|onnx|json|safetensors)$/.test(named)) throw new Error(`${named}: there is no such file`);
    return await runDetails(await findRunFolder(named, runs));
  }
  const kind = await fileKind(named);
  if (kind === 'ticket') return await ticketDetails(named);
  return kind === 'model' ? await modelDetails(named) : await benchDetails(named);
}

async function runDetails(folder: string): Promise<Details> {
  const run = await readRun(folder);
  const rows = ticketRows(run);
  const table =
    rows.length === 0
      ? 'no training is finished yet'
      : renderTable(ticketsTable(rows), colorsOf(process.stdout));
  return {
    value: { kind: 'run', ...run, tickets: rows },
    text: [runFactsText(run), '', table, ticketsCaption(run.experiment.trials)].join('\n'),
  };
}

async function ticketDetails(path: string): Promise<Details> {
  const { metadata, hash, masks } = await readTicket(path);
  const densities = layerDensities(masks);
  return {
    value: { kind: 'ticket', file: path, hash, layerDensities: densities, metadata },
    text: ticketFactsText({ metadata, hash, layerDensities: densities }),
  };
}

async function modelDetails(path: string): Promise<Details> {
  const bytes = await readBytes(path);
  const info = readModelInfo(bytes, path);
  return {
    value: { kind: 'model', file: path, bytes: bytes.length, ...info },
    text: modelFactsText(info, bytes.length),
  };
}

async function benchDetails(path: string): Promise<Details> {
  const result = parseBenchResult(await readJson(path), path);
  const colors = colorsOf(process.stdout);
  const { environment, startedAt, warnings } = result;
  const machine = `${environment.cpu}, ${environment.os}, ONNX Runtime ${environment.onnxruntime}, ${startedAt}`;
  return {
    value: { kind: 'bench', file: path, ...result },
    text: [
      machine,
      ...warnings.map((warning) => `warning: ${warning}`),
      '',
      renderTable(sizeTable(result), colors),
      '',
      renderTable(latencyTable(result), colors),
    ].join('\n'),
  };
}
