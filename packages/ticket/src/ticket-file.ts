import { readFile, stat } from 'node:fs/promises';
import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { isDType, shapeText } from '@winning-tickets/onnx';
import { canonicalJson } from './canonical-json.js';
import { given } from './given.js';
import type { Mask, Masks } from './mask.js';
import { density } from './mask.js';
import type { Parameter } from './network.js';
import { resolveNetwork, tensorsOf } from './network.js';
import { parse } from './parse.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';
import { computeSeal, sealKey, verifySeal } from './seal.js';
import type { TicketMetadata } from './ticket-metadata.js';
import { ticketMetadataSchema } from './ticket-metadata.js';
import type { Words } from './words.js';
import { checkWords, readWords, wordTensors } from './words.js';

/**
 * A subnetwork with everything needed to train it again and to run it, for text also its words. All values of parameters
 * are float32.
 */
export interface Ticket extends Words {
  readonly metadata: TicketMetadata;
  /** Parameters at initialisation, unmasked. */
  readonly initial: Tensors;
  /** Parameters that training started from, where these are not the initial ones. */
  readonly rewind?: Tensors;
  /** One mask for every prunable parameter. */
  readonly masks: Masks;
  /** Parameters at the end of training, zero where masked: what is pruned. Buffers are beside them. */
  readonly trained: Tensors;
  /** Parameters and buffers at the least validation loss, zero where masked: what is exported. */
  readonly best: Tensors;
}

/** A ticket as a file. */
export interface EncodedTicket {
  /** A safetensors file; equal tickets give equal bytes. */
  readonly bytes: Uint8Array;
  /** The seal: SHA-256 in hex, 64 digits. */
  readonly hash: string;
}

/** Larger files are refused, in bytes: Node reads no more at once. */
const maxFileBytes = 2 ** 31 - 1;

/**
 * Encodes a ticket as a sealed safetensors file: tensors `initial/<p>`, `rewind/<p>`, `mask/<p>`, `trained/<p>`,
 * `best/<p>` for each parameter `<p>`, the last two also for each buffer; for text `vocabulary` and `wordWeights`;
 * metadata with one JSON text per key, and the seal.
 *
 * @throws Error when the ticket contradicts itself, so that no such file is ever written; see `decodeTicket`.
 */
export function encodeTicket(ticket: Ticket): EncodedTicket {
  checkTicket(ticket, 'the ticket to write');
  const metadata = Object.fromEntries(
    Object.entries(ticket.metadata).map(([key, value]) => [key, canonicalJson(value)]),
  );
  const tensors: Tensors = {
    ...prefixed('initial', ticket.initial),
    ...prefixed('rewind', ticket.rewind ?? {}),
    ...prefixed('mask', ticket.masks),
    ...prefixed('trained', ticket.trained),
    ...prefixed('best', ticket.best),
    ...wordTensors(ticket),
  };
  const hash = computeSeal({ tensors, metadata });
  return { bytes: encodeSafetensors(tensors, { ...metadata, [sealKey]: hash }), hash };
}

/**
 * Decodes a ticket that may be damaged or hostile. Tensors are views over `bytes` where alignment allows.
 *
 * @param source the file's name, at the start of every message.
 * @throws Error when the file is not a safetensors file, its contents don't match its seal, its metadata are not
 *   valid, a tensor is missing or too many or of another shape than its network says, a mask holds something
 *   else than 0 and 1, a trained weight is not zero where it is masked, or its words are not those it speaks of.
 */
export function decodeTicket(bytes: Uint8Array, source: string): Ticket & { readonly hash: string } {
  const file = decodeSafetensors(bytes, source);
  const hash = verifySeal(file, source);
  const rewind = withPrefix('rewind', file.tensors);
  const ticket: Ticket = {
    metadata: readMetadata(file.metadata, source),
    initial: withPrefix('initial', file.tensors),
    ...(Object.keys(rewind).length > 0 ? { rewind } : {}),
    masks: readMasks(withPrefix('mask', file.tensors), source),
    trained: withPrefix('trained', file.tensors),
    best: withPrefix('best', file.tensors),
    ...readWords(file.tensors, source),
  };
  const stray = Object.keys(file.tensors).find((name) => !isPart(name));
  if (stray !== undefined) throw new Error(`${source}: tensor '${stray}' belongs to no part of a ticket`);
  checkTicket(ticket, source);
  return { ...ticket, hash };
}

/**
 * Reads and decodes a ticket file.
 *
 * @throws Error when the file cannot be read or is larger than 2 GiB, and as `decodeTicket`.
 */
export async function readTicket(path: string): Promise<Ticket & { readonly hash: string }> {
  const status = await stat(path).catch((error: unknown) => {
    throw new Error(`${path}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  });
  if (!status.isFile()) throw new Error(`${path}: not a file`);
  if (status.size > maxFileBytes) {
    throw new Error(`${path}: has ${status.size} bytes; tickets above ${maxFileBytes} bytes are refused`);
  }
  return decodeTicket(await readFile(path), path);
}

/** The name that a ticket's file gets: `ticket-<first 12 digits of its hash>.ticket`. Nothing trusts it. */
export function ticketFileName(hash: string): string {
  return `ticket-${hash.slice(0, 12)}.ticket`;
}

function isPart(name: string): boolean {
  const [group = ''] = name.split('/', 1);
  const groups = ['initial', 'rewind', 'mask', 'trained', 'best'];
  return groups.includes(group) || ['vocabulary', 'wordWeights'].includes(name);
}

function readMetadata(metadata: Readonly<Record<string, string>>, source: string): TicketMetadata {
  const entries = Object.entries(metadata)
    .filter(([key]) => key !== sealKey)
    .map(([key, json]) => {
      try {
        return [key, JSON.parse(json) as unknown] as const;
      } catch (error) {
        throw new Error(`${source}: metadata '${key}' is not valid JSON`, { cause: error });
      }
    });
  return parse(ticketMetadataSchema, Object.fromEntries(entries), `${source}, metadata`);
}

function readMasks(masks: Tensors, source: string): Masks {
  const entries = Object.entries(masks).map(([name, mask]): [string, Mask] => {
    if (!isDType(mask, 'uint8')) {
      throw new Error(`${source}: tensor 'mask/${name}' must be uint8, found ${mask.dtype}`);
    }
    return [name, mask];
  });
  return Object.fromEntries(entries);
}

// Whether a ticket is what its metadata say: the same rules for writing and for reading.
function checkTicket(ticket: Ticket, source: string): void {
  const metadata = parse(ticketMetadataSchema, ticket.metadata, `${source}, metadata`);
  checkWords(ticket, metadata, source);
  const network = resolveNetwork(metadata.network);
  const prunable = network.parameters.filter((parameter) => parameter.prunable);
  checkGroup('initial', ticket.initial, 'float32', network.parameters, source);
  if (ticket.rewind) checkGroup('rewind', ticket.rewind, 'float32', network.parameters, source);
  checkGroup('mask', ticket.masks, 'uint8', prunable, source);
  const values = tensorsOf(network);
  checkGroup('trained', ticket.trained, 'float32', values, source);
  checkGroup('best', ticket.best, 'float32', values, source);
  for (const [name, mask] of Object.entries(ticket.masks)) {
    checkBits(mask, name, source);
    checkPruned(given(ticket.trained, name), mask, `trained/${name}`, source);
    checkPruned(given(ticket.best, name), mask, `best/${name}`, source);
  }
  const counted = density(ticket.masks);
  if (Math.abs(counted - metadata.density) > 1e-9) {
    throw new Error(`${source}: metadata 'density' is ${metadata.density}, the masks keep ${counted}`);
  }
}

function checkGroup(
  group: string,
  tensors: Tensors,
  dtype: 'float32' | 'uint8',
  expected: readonly Pick<Parameter, 'name' | 'shape'>[],
  source: string,
): void {
  for (const { name, shape } of expected) {
    const found = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (!found) throw new Error(`${source}: tensor '${group}/${name}' is missing`);
    if (found.dtype !== dtype || shapeText(found.shape) !== shapeText(shape)) {
      throw new Error(
        `${source}: tensor '${group}/${name}' must be ${dtype} ${shapeText(shape)}, ` +
          `found ${found.dtype} ${shapeText(found.shape)}`,
      );
    }
  }
  const extra = Object.keys(tensors).find((name) => !expected.some((parameter) => parameter.name === name));
  if (extra !== undefined) {
    throw new Error(`${source}: tensor '${group}/${extra}' is not in the network; remove it`);
  }
}

function checkBits(mask: Mask, name: string, source: string): void {
  const index = mask.data.findIndex((bit) => bit > 1);
  if (index >= 0) {
    throw new Error(
      `${source}: tensor 'mask/${name}' must hold 0 and 1, found ${mask.data[index]} at ${index}`,
    );
  }
}

function checkPruned(values: Tensor, mask: Mask, name: string, source: string): void {
  const index = mask.data.findIndex((bit, position) => bit === 0 && values.data[position] !== 0);
  if (index >= 0) {
    throw new Error(
      `${source}: tensor '${name}' must be 0 where it is masked, found ${values.data[index]} at element ${index}`,
    );
  }
}

function prefixed(group: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, values]) => [`${group}/${name}`, values]));
}

function withPrefix(group: string, tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(`${group}/`))
      .map(([name, values]) => [name.slice(group.length + 1), values]),
  );
}
