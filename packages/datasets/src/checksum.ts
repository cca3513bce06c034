import { createHash } from 'node:crypto';

/** SHA-256, in hex. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A dataset's checksum, from the SHA-256 (hex) of its files in a fixed order. */
export function checksumOf(hashes: readonly string[]): string {
  return sha256(hashes.join('\n'));
}

/** @throws Error with one sentence when a file's SHA-256 (hex) is not the one expected. */
export function expectSha256(path: string, found: string, expected: string): void {
  if (found === expected) return;
  throw new Error(
    `${path}: expected the SHA-256 ${expected}, found ${found}; the file was changed or damaged, install it again.`,
  );
}
