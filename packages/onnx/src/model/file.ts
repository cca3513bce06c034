import type { Dimension } from '../graph.js';
import type { ReadMessage } from '../schema.js';
import { decodeMessage, has, safeInteger } from '../schema.js';

/**
 * The messages of an ONNX file: the model and its graph, their contents not looked at yet.
 *
 * @throws Error when the bytes are not an ONNX file: cut short, foreign, or nested deeper than any model is.
 */
export function decodeFile(
  bytes: Uint8Array,
  source: string,
): { proto: ReadMessage<'ModelProto'>; graph: ReadMessage<'GraphProto'> } {
  const proto = decodeProto(bytes, source);
  if (!proto.graph) throw new Error(`${source} is not an ONNX model: it holds no graph`);
  return { proto, graph: proto.graph };
}

function decodeProto(bytes: Uint8Array, source: string): ReadMessage<'ModelProto'> {
  if (bytes.length === 0) throw new Error(`${source} is not an ONNX model: it is empty`);
  try {
    return decodeMessage('ModelProto', bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${source} is not an ONNX model: it is cut short or something else (${reason})`, {
      cause,
    });
  }
}

/** Whether a domain is that of the standard operators, which has two names. */
export function isStandardDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/** The version of the standard operator set that a model imports. */
export function standardOpset(proto: ReadMessage<'ModelProto'>): number | undefined {
  const standard = proto.opsetImport.find(({ domain }) => isStandardDomain(domain));
  return standard && safeInteger(standard.version);
}

/** Metadata as a record; of a key that occurs twice, the last. */
export function metadataFromProto(
  entries: readonly ReadMessage<'StringStringEntryProto'>[],
): Record<string, string> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/** A declared shape. A size without number and name reads as `'?'`, one beyond 2^53 as `NaN`. */
export function dimensionsFromProto(shape: ReadMessage<'TensorShapeProto'>): Dimension[] {
  return shape.dim.map((dim) => {
    if (has(dim, 'dimValue')) return safeInteger(dim.dimValue) ?? NaN;
    return dim.dimParam === '' ? '?' : dim.dimParam;
  });
}
