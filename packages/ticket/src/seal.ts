import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { SafetensorsFile } from './safetensors.js';
import { safetensorsDType, tensorBytes } from './safetensors.js';

/** The metadata key that holds the seal. */
export const sealKey = 'seal';

/**
 * SHA-256, in hex, over the metadata (without the seal) as canonical JSON, then, for each tensor in order of name,
 * over its description `{"dtype","name","shape"}` as canonical JSON and its bytes; each JSON text ends in a line
 * feed. The order of the tensors in the file does not matter, so another tool may store a ticket anew.
 */
export function computeSeal({ tensors, metadata }: SafetensorsFile): string {
  const hash = createHash('sha256');
  const sealed = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== sealKey));
  hash.update(`${canonicalJson(sealed)}\n`);
  for (const [name, tensor] of Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const description = { dtype: safetensorsDType(tensor.dtype), name, shape: tensor.shape };
    hash.update(`${canonicalJson(description)}\n`).update(tensorBytes(tensor));
  }
  return hash.digest('hex');
}

/**
 * The seal of a file whose contents it matches.
 *
 * @param source the file's name, at the start of the message.
 * @throws Error when there is no seal, or another than the contents have.
 */
export function verifySeal(file: SafetensorsFile, source: string): string {
  const found = Object.hasOwn(file.metadata, sealKey) ? file.metadata[sealKey] : undefined;
  if (found === undefined) throw new Error(`${source}: has no seal, so it is not a ticket file`);
  const computed = computeSeal(file);
  if (found !== computed) {
    throw new Error(
      `${source} was changed after it was written: seal ${found.slice(0, 12)}… found, ` +
        `${computed.slice(0, 12)}… computed; take an unchanged copy or run the stage again`,
    );
  }
  return found;
}
