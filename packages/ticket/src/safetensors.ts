import type { DType, Tensor, Tensors } from '@winning-tickets/onnx';
import { arrayTypes, bytesPerElement, shapeText, sizeOf } from '@winning-tickets/onnx';
import { repeatedKey } from './repeated-key.js';

/**
 * The safetensors format (https://github.com/huggingface/safetensors): a little-endian u64 with the header's
 * length, the header in JSON (`{name: {dtype, shape, data_offsets}}`, and `__metadata__`, text by name), then the
 * tensors' bytes, row-major and little-endian, without holes or overlap.
 */
export interface SafetensorsFile {
  readonly tensors: Tensors;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Longer headers are refused, in bytes. What needs more room belongs into a tensor. */
const maxHeaderBytes = 1_000_000;

const lengthBytes = 8;
const metadataKey = '__metadata__';

const dtypeNames = {
  float32: 'F32',
  float64: 'F64',
  float16: 'F16',
  int64: 'I64',
  int32: 'I32',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
} as const satisfies Record<DType, string>;

const dtypes = Object.keys(dtypeNames) as DType[];

/** The name of a dtype in safetensors files: `F32`. */
export function safetensorsDType(dtype: DType): string {
  return dtypeNames[dtype];
}

/** The bytes of a tensor's elements, row-major and little-endian (as on every platform Node runs on); not copied. */
export function tensorBytes({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Encodes tensors and metadata. Equal contents give equal bytes: the widest dtypes come first, so that every
 * tensor is aligned, and by name among those of one width; the header is padded with spaces to a multiple of 8.
 *
 * @throws Error when the header would be longer than `maxHeaderBytes`.
 */
export function encodeSafetensors(
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const ordered = Object.entries(tensors).sort(
    ([a, x], [b, y]) => bytesPerElement[y.dtype] - bytesPerElement[x.dtype] || (a < b ? -1 : 1),
  );
  const header = encodeHeader(ordered, metadata);
  const total = ordered.reduce((sum, [, { data }]) => sum + data.byteLength, lengthBytes + header.length);
  const bytes = new Uint8Array(total);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, lengthBytes);
  let offset = lengthBytes + header.length;
  for (const [, tensor] of ordered) {
    bytes.set(tensorBytes(tensor), offset);
    offset += tensor.data.byteLength;
  }
  return bytes;
}

function encodeHeader(
  tensors: readonly [string, Tensor][],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const sortedMetadata = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  const entries: [string, unknown][] =
    sortedMetadata.length > 0 ? [[metadataKey, Object.fromEntries(sortedMetadata)]] : [];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    if (name === metadataKey) throw new Error(`a tensor cannot be named '${metadataKey}'`);
    const end = offset + data.byteLength;
    entries.push([name, { dtype: dtypeNames[dtype], shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  // Written entry by entry: an object would put names that look like integers first.
  const json = `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(',')}}`;
  const length = Buffer.byteLength(json);
  const padded = Math.ceil(length / 8) * 8;
  if (padded > maxHeaderBytes) {
    throw new Error(
      `the header has ${padded} bytes, more than ${maxHeaderBytes}; keep long metadata in a tensor`,
    );
  }
  return Buffer.from(json + ' '.repeat(padded - length));
}

/**
 * Decodes a file that may be damaged or hostile: every size is checked against the file's before it is used.
 *
 * Tensors are views over `bytes` where their offsets are aligned, and copies elsewhere.
 *
 * @param source the file's name, at the start of every message.
 * @throws Error saying what is wrong, where, what was found and what was expected.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): SafetensorsFile {
  try {
    return decode(bytes);
  } catch (error) {
    throw new Error(`${source}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function decode(bytes: Uint8Array): SafetensorsFile {
  const headerBytes = headerLength(bytes);
  const { [metadataKey]: metadata, ...rest } = parseHeader(
    bytes.subarray(lengthBytes, lengthBytes + headerBytes),
  );
  const data = bytes.subarray(lengthBytes + headerBytes);
  const entries = Object.entries(rest).map(([name, entry]) => readEntry(name, entry, data.length));
  requireContiguous(entries, data.length);
  return {
    tensors: Object.fromEntries(entries.map((entry) => [entry.name, readTensor(entry, data)])),
    metadata: readMetadata(metadata),
  };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < lengthBytes) {
    throw new Error(
      `not a safetensors file: it has ${bytes.length} bytes, fewer than the ${lengthBytes} of a length`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes)) {
    throw new Error(`the header says it has ${length} bytes; more than ${maxHeaderBytes} are refused`);
  }
  const available = bytes.length - lengthBytes;
  if (length > BigInt(available)) {
    throw new Error(`the header says it has ${length} bytes, the file ends after ${available} of them`);
  }
  return Number(length);
}

function parseHeader(header: Uint8Array): Record<string, unknown> {
  const json = headerText(header);
  const parsed = parseJson(json);
  if (!isObject(parsed)) throw new Error('the header must be a JSON object');
  const repeated = repeatedKey(json);
  if (repeated !== undefined) throw new Error(`the header has '${repeated}' twice`);
  return parsed;
}

// The format allows spaces as padding after the object, and nothing before it.
function headerText(header: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch (error) {
    throw new Error('the header is not UTF-8 text', { cause: error });
  }
  const json = text.replace(/ +$/, '');
  if (!json.startsWith('{') || !json.endsWith('}')) throw new Error('the header must be a JSON object');
  return json;
}

// The runtime's own message quotes the text, line breaks and all.
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Error('the header is not valid JSON', { cause: error });
  }
}

function readMetadata(metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {};
  if (!isObject(metadata)) throw new Error(`'${metadataKey}' must be an object of text`);
  const entries = Object.entries(metadata).map(([key, value]): [string, string] => {
    if (typeof value !== 'string') throw new Error(`metadata '${key}' must be text, found ${typeof value}`);
    return [key, value];
  });
  return Object.fromEntries(entries);
}

function readEntry(name: string, entry: unknown, dataBytes: number): Entry {
  const where = `tensor '${name}'`;
  if (!isObject(entry)) throw new Error(`${where}: its entry must be an object`);
  const { dtype: dtypeName, shape, data_offsets: offsets, ...rest } = entry;
  const [extra] = Object.keys(rest);
  if (extra !== undefined) throw new Error(`${where}: unknown key '${extra}'`);
  const dtype = readDType(dtypeName, where);
  if (!isSizes(shape)) throw new Error(`${where}: 'shape' must be a list of sizes`);
  if (!isSizes(offsets)) throw new Error(`${where}: 'data_offsets' must be two offsets`);
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2) {
    throw new Error(`${where}: 'data_offsets' must be two offsets, found ${offsets.length}`);
  }
  if (begin > end || end > dataBytes) {
    throw new Error(
      `${where}: bytes ${begin} to ${end} lie outside the file, which has ${dataBytes} bytes of data`,
    );
  }
  const expected = sizeOf(shape) * bytesPerElement[dtype];
  if (end - begin !== expected) {
    throw new Error(`${where}: ${dtype} ${shapeText(shape)} takes ${expected} bytes, found ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

function readDType(name: unknown, where: string): DType {
  const dtype = dtypes.find((candidate) => dtypeNames[candidate] === name);
  if (dtype === undefined) {
    const known = Object.values(dtypeNames).join(', ');
    throw new Error(`${where}: unknown dtype ${JSON.stringify(name)}; known are ${known}`);
  }
  return dtype;
}

function requireContiguous(entries: readonly Entry[], dataBytes: number): void {
  let offset = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < offset)
      throw new Error(`tensor '${name}' overlaps another: it begins at ${begin}, before ${offset}`);
    if (begin > offset)
      throw new Error(`bytes ${offset} to ${begin} before tensor '${name}' belong to no tensor`);
    offset = end;
  }
  if (offset !== dataBytes) {
    throw new Error(`the tensors take ${offset} bytes, the file has ${dataBytes} bytes of data`);
  }
}

function readTensor({ dtype, shape, begin, end }: Entry, data: Uint8Array): Tensor {
  const span = data.subarray(begin, end);
  const aligned = span.byteOffset % bytesPerElement[dtype] === 0 ? span : new Uint8Array(span);
  const length = span.length / bytesPerElement[dtype];
  return { dtype, shape, data: new arrayTypes[dtype](aligned.buffer, aligned.byteOffset, length) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
