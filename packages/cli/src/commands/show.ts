import { Command } from '@commander-js/extra-typings';
import { crossings, latencyTable, parseBenchResult, parseCrossover, sizeTable } from '@winning-tickets/bench';
import { readModelInfo } from '@winning-tickets/onnx';
import { layerDensities, readTicket } from '@winning-tickets/ticket';
import { readRun } from '@winning-tickets/train';
import { isBestEvidence, parseBestEvidence } from '../best/parse-evidence.js';
import { readBytes, readJson } from '../bytes.js';
import { fileKind } from '../file-kind.js';
import { examples, jsonOption, runsOption } from '../options.js';
import { bestText, candidatesTable } from '../render/best.js';
import { crossoverTable } from '../render/crossover-table.js';
import { modelFactsText, runFactsText, ticketFactsText } from '../render/facts.js';
import { counted } from '../render/format.js';
import { renderTable } from '../render/table.js';
import { ticketRows, ticketsCaption, ticketsTable } from '../render/tickets-table.js';
import { findRunFolder, statusOf } from '../run-folder.js';
import { colorsOf, print, printJson } from '../terminal.js';

/** Details of whatever file it is. */
export function showCommand() {
  return new Command('show')
    .summary('show what a run, a ticket, a model or a benchmark holds')
    .description(
      'Shows what a run, a ticket (.ticket), a model (.onnx) or a result (JSON of bench, crossover or export --encoding best) holds.',
    )
    .argument('<file>', 'a run (folder or name), a .ticket, an .onnx, or a result such as bench.json')
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
  return kind === 'model' ? await modelDetails(named) : await resultDetails(named);
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

/** Of a file of results, whichever command wrote it. */
async function resultDetails(path: string): Promise<Details> {
  const json = await readJson(path);
  if (isBestEvidence(json)) return bestDetails(json, path);
  return isCrossover(json) ? crossoverDetails(json, path) : benchDetails(json, path);
}

const isCrossover = (json: unknown) => typeof json === 'object' && json !== null && 'cells' in json;

function bestDetails(json: unknown, path: string): Details {
  const evidence = parseBestEvidence(json, path);
  const { ticket, chosenIn, reportedIn } = evidence;
  return {
    value: { file: path, ...evidence },
    text: [
      `the fastest encodings of ticket ${ticket.slice(0, 12)}, ${machineText(chosenIn)}`,
      ...[...new Set([...chosenIn.warnings, ...reportedIn.warnings])].map((warning) => `warning: ${warning}`),
      '',
      bestText(evidence),
      '',
      renderTable(candidatesTable(evidence), colorsOf(process.stdout)),
    ].join('\n'),
  };
}

function crossoverDetails(json: unknown, path: string): Details {
  const map = parseCrossover(json, path);
  const { provider, threads, repeats } = map.options;
  return {
    value: { kind: 'crossover', file: path, ...map, crossings: crossings(map) },
    text: [
      machineText(map),
      `${provider}, ${counted(threads, 'thread')}, ${counted(repeats, 'repeat')}; the density below which an encoding is faster than dense:`,
      '',
      renderTable(crossoverTable(map), colorsOf(process.stdout)),
    ].join('\n'),
  };
}

/** Where and when something was measured. */
function machineText({ environment: { cpu, os, onnxruntime }, startedAt }: Measured): string {
  return `${cpu}, ${os}, ONNX Runtime ${onnxruntime}, ${startedAt}`;
}

interface Measured {
  readonly startedAt: string;
  readonly environment: { readonly cpu: string; readonly os: string; readonly onnxruntime: string };
}

function benchDetails(json: unknown, path: string): Details {
  const result = parseBenchResult(json, path);
  const colors = colorsOf(process.stdout);
  const { warnings } = result;
  return {
    value: { kind: 'bench', file: path, ...result },
    text: [
      machineText(result),
      ...warnings.map((warning) => `warning: ${warning}`),
      '',
      renderTable(sizeTable(result), colors),
      '',
      renderTable(latencyTable(result), colors),
    ].join('\n'),
  };
}
