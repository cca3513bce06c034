import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Model } from '@winning-tickets/onnx';
import { readModelInfo } from '@winning-tickets/onnx';
import { readTicket } from '@winning-tickets/ticket';
import writeFileAtomic from 'write-file-atomic';
import { calibrate } from './calibration.js';
import type { EncodingOptions, Ranges } from './encodings/encoding.js';
import { exportTicket, soundBytes } from './export-ticket.js';
import { exportFileName } from './file-name.js';
import { checkMetadata, producer } from './metadata.js';
import type { SealedTicket } from './sealed-ticket.js';
import type { TestDataset } from './test-batches.js';
import type { ExportCheck } from './export-check.js';
import type { Runtime } from './verify.js';
import { verifyExport } from './verify.js';

export interface ExportFileOptions {
  /** Options of the encoding; none by default. */
  readonly encodingOptions?: EncodingOptions;
  /** What to prove the model equal with before it is written; without it, it is only checked as ONNX. */
  readonly proof?: { readonly dataset: TestDataset; readonly run: Runtime };
  /** Replace whatever is there; default false: only an earlier export of the same ticket is replaced. */
  readonly overwrite?: boolean;
}

/** An ONNX file that was written. */
export interface ExportedFile {
  readonly file: string;
  readonly encoding: string;
  /** Share of the prunable weights that survive, 0 to 1. */
  readonly density: number;
  /** Size of the file. */
  readonly bytes: number;
  /** How it compares with the trained network, when that was asked for. */
  readonly check?: ExportCheck;
}

/**
 * Exports a ticket file as an ONNX file, written atomically. Doing it again gives the same file.
 *
 * With a proof, the model is compared with the trained network first, and the result goes into its metadata (see
 * `checkMetadata`): the comparison runs on the same graph without that entry.
 *
 * @param out the file to write, ending in `.onnx`, or a folder, made where it is missing; in a folder the file is
 *   named by `exportFileName`.
 * @throws Error when the ticket cannot be read or is damaged, the encoding or an option is unknown, the model is not
 *   equal to the trained network, or `out` holds something else than an export of this ticket; nothing is written.
 */
export async function exportFile(
  ticketPath: string,
  encoding: string,
  out: string,
  { encodingOptions = {}, proof, overwrite = false }: ExportFileOptions = {},
): Promise<ExportedFile> {
  const ticket = await readTicket(ticketPath);
  const ranges = proof && (await rangesFor(ticket, encoding, encodingOptions, proof));
  const model = exportTicket(ticket, encoding, encodingOptions, ranges);
  const file = await target(out, model);
  if (!overwrite) await refuseOther(file, ticket);
  const check = proof && (await prove(ticket, model, proof, ticketPath));
  const bytes = soundBytes(
    check ? { ...model, metadata: { ...model.metadata, ...checkMetadata(check) } } : model,
  );
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const written = { file, encoding, density: ticket.metadata.density, bytes: bytes.length };
  return check ? { ...written, check } : written;
}

/** On what a model is proved, and where. */
type Proof = NonNullable<ExportFileOptions['proof']>;

async function rangesFor(
  ticket: SealedTicket,
  encoding: string,
  options: EncodingOptions,
  { dataset: { train }, run }: Proof,
): Promise<Ranges | undefined> {
  return train && (await calibrate({ ticket, encoding, options, inputs: train.inputs, run }));
}

async function prove(
  ticket: SealedTicket,
  model: Model,
  { dataset, run }: Proof,
  ticketPath: string,
): Promise<ExportCheck> {
  const check = await verifyExport({ ticket, bytes: soundBytes(model), dataset, run });
  if (check.problem !== undefined) {
    const encoding = model.metadata['tickets.encoding'] ?? '';
    throw new Error(
      `${ticketPath}: the ${encoding} model is not equal to the trained network: ${check.problem}`,
    );
  }
  return check;
}

async function target(out: string, model: Model): Promise<string> {
  const status = await stat(out).catch(ifMissing);
  const isFolder = status ? status.isDirectory() : !out.endsWith('.onnx');
  if (isFolder) return join(out, exportFileName(model));
  if (!out.endsWith('.onnx')) {
    throw new Error(`${out}: is a file, expected a folder or a name that ends in .onnx`);
  }
  return out;
}

// An export can be made again from its ticket, so it may be replaced by one of the same ticket; nothing else may.
async function refuseOther(file: string, ticket: SealedTicket): Promise<void> {
  const status = await stat(file).catch(ifMissing);
  if (!status) return;
  const hash = status.isFile() ? await exportedHash(file) : undefined;
  if (hash === ticket.hash) return;
  const found =
    hash === undefined ? 'something else than an export' : `an export of ticket ${hash.slice(0, 12)}`;
  throw new Error(`${file}: holds ${found}; choose another name or remove it first`);
}

async function exportedHash(file: string): Promise<string | undefined> {
  const bytes = await readFile(file);
  try {
    const info = readModelInfo(bytes, file);
    return info.producer.name === producer.name ? info.metadata['tickets.ticket'] : undefined;
  } catch {
    return undefined;
  }
}

function ifMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
