import { describe, expect, it } from 'vitest';
import { checksumOf, expectSha256, sha256 } from '../src/checksum.js';
import { messageOf } from './support/sentence.js';

describe('a checksum', () => {
  // The SHA-256 of "abc" in FIPS 180-2, appendix B.1.
  const ofAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  it('is the SHA-256 of the content', () => {
    expect(sha256('abc')).toBe(ofAbc);
    expect(sha256(Uint8Array.of(97, 98, 99))).toBe(ofAbc);
  });

  it('of several files tells their order', () => {
    expect(checksumOf(['a', 'b'])).not.toBe(checksumOf(['b', 'a']));
  });

  it('that is another than expected is refused, naming both', async () => {
    expect(() => {
      expectSha256('some.json', ofAbc, ofAbc);
    }).not.toThrow();
    expect(
      await messageOf(() => {
        expectSha256('some.json', ofAbc, 'ff');
      }),
    ).toBe(
      `some.json: expected the SHA-256 ff, found ${ofAbc}; the file was changed or damaged, install it again.`,
    );
  });
});
