import { readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { removeLeftovers, writeAtomic } from '../../src/store/atomic.js';
import { thisProcess } from '../../src/store/process-identity.js';
import { killChildren, removeBundles, startChild } from '../support/child.js';
import { inFolder } from '../support/stages.js';

afterEach(killChildren);
afterAll(removeBundles);

const { machine, pid } = thisProcess();

describe('an atomic write', () => {
  test('replaces the content and leaves nothing beside it', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'file');
      await writeAtomic(path, 'old');
      await writeAtomic(path, Uint8Array.of(110, 101, 119));
      expect(await readFile(path, 'utf8')).toBe('new');
      expect(await readdir(folder)).toEqual(['file']);
    }));

  test('is whole or not there at whatever instant its process is killed', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'file');
      const bytes = 3_000_000;
      for (let attempt = 0; attempt < 4; attempt++) {
        const child = await startChild('write-files', [path, String(bytes)]);
        await child.line();
        await sleep(5 + 13 * attempt);
        await child.kill();
        const content = await readFile(path).catch(() => undefined);
        if (content) expect(content.equals(Buffer.alloc(bytes, content.subarray(0, 1)))).toBe(true);
      }
      await removeLeftovers(folder);
      expect((await readdir(folder)).filter((name) => name !== 'file')).toEqual([]);
    }));

  test('that finds no room for all its bytes fails and leaves the old content', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'file');
      await writeFile(path, 'old');
      // A block of `ulimit -f` has 512 or 1024 bytes: the first write call stores a part and reports success.
      const child = await startChild('write-files', [path, '1000000'], 100);
      await child.line();
      expect(await child.line()).toMatch(
        /^cannot write .*file: the file would be larger than is allowed here/,
      );
      await child.ended();
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['file']);
    }));

  test('into a folder that is not there names the path', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'missing', 'file');
      await expect(writeAtomic(path, '')).rejects.toThrow(`cannot write ${path}: it does not exist`);
    }));
});

describe('what crashed writes left', () => {
  test('is removed when its process is dead, or unknown and long silent', () =>
    inFolder(async (folder) => {
      const names = {
        dead: `a.${machine}-${2 ** 22 + 1}-00000000.tmp`,
        alive: `b.${machine}-${pid}-00000000.tmp`,
        distant: `c.000000000000-${pid}-00000000.tmp`,
        distantAndOld: `d.000000000000-${pid}-00000000.tmp`,
        foreign: 'notes.tmp',
      };
      for (const name of Object.values(names)) await writeFile(join(folder, name), '');
      const old = new Date(Date.now() - 3_600_000);
      await utimes(join(folder, names.distantAndOld), old, old);
      await utimes(join(folder, names.foreign), old, old);
      await removeLeftovers(folder);
      expect((await readdir(folder)).sort()).toEqual([names.alive, names.distant, names.foreign].sort());
    }));
});
