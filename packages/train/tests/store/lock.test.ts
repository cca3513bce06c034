import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import {
  acquire,
  lockFileName,
  lockHolder,
  silenceLimitMillis,
  unreadableLimitMillis,
} from '../../src/store/lock.js';
import { thisProcess } from '../../src/store/process-identity.js';
import { killChildren, removeBundles, startChild } from '../support/child.js';
import { inFolder } from '../support/stages.js';

afterEach(async () => {
  vi.restoreAllMocks();
  await killChildren();
});
afterAll(removeBundles);

// Linux gives out no such process number: the largest is 2^22.
const deadOwner = { ...thisProcess(), pid: 2 ** 22 + 1, token: 'dead' };
const distantOwner = { ...thisProcess(), machine: '000000000000', hostname: 'elsewhere', token: 'distant' };

async function writeLock(folder: string, content: string | object, ageMillis = 0): Promise<void> {
  const path = join(folder, lockFileName);
  await mkdir(folder, { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  await age(path, ageMillis);
}

async function age(path: string, millis: number): Promise<void> {
  const time = new Date(Date.now() - millis);
  await utimes(path, time, time);
}

describe('a lock', () => {
  test('is held by one at a time, and free after its release', () =>
    inFolder(async (folder) => {
      const lock = await acquire(folder);
      expect(lock).toBeDefined();
      expect(await acquire(folder)).toBeUndefined();
      expect(await lockHolder(folder)).toContain(`process ${process.pid} on `);
      await lock?.release();
      expect(await lockHolder(folder)).toBeUndefined();
      expect(await acquire(folder)).toBeDefined();
    }));

  test('goes to exactly one of many that ask at the same time', () =>
    inFolder(async (folder) => {
      const locks = await Promise.all(Array.from({ length: 32 }, () => acquire(folder)));
      expect(locks.filter((lock) => lock !== undefined)).toHaveLength(1);
    }));

  test('never has two holders, whatever the order of claims, releases and deaths', () =>
    inFolder(async (folder) => {
      let holders = 0;
      let claims = 0;
      const worker = async (number: number) => {
        while (claims < 150) {
          const lock = await acquire(folder);
          if (lock) {
            claims += 1;
            holders += 1;
            expect(holders).toBe(1);
            await sleep(claims % 3);
            expect(holders).toBe(1);
            holders -= 1;
            // Every other holder dies instead.
            if (claims % 2 === 0) await lock.release();
            else await writeLock(folder, { ...deadOwner, token: `dead-${number}-${claims}` });
          } else await sleep(1);
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_, number) => worker(number)));
      expect(claims).toBeGreaterThanOrEqual(150);
    }));

  test('needs a folder that it can be written to', () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'file'), '');
      await expect(acquire(join(folder, 'file', 'level-0'))).rejects.toThrow(/is a file, not a folder/);
    }));
});

describe('the lock of a dead process', () => {
  test('is taken over at once after kill -9', () =>
    inFolder(async (folder) => {
      const child = await startChild('claim-locks', []);
      await child.line();
      child.send(folder);
      expect(await child.line()).toBe('won');
      expect(await acquire(folder)).toBeUndefined();
      expect(await lockHolder(folder)).toContain(`process ${child.pid} on `);
      await child.kill();
      expect(await lockHolder(folder)).toBeUndefined();
      expect(await acquire(folder)).toBeDefined();
      expect(await readdir(folder)).toEqual([lockFileName]);
    }));

  test('goes to exactly one of several processes that see it at the same time', () =>
    inFolder(async (root) => {
      const children = await Promise.all(Array.from({ length: 4 }, () => startChild('claim-locks', [])));
      await Promise.all(children.map((child) => child.line()));
      for (let round = 0; round < 15; round++) {
        const folder = join(root, `round-${round}`);
        await writeLock(folder, deadOwner);
        for (const child of children) child.send(folder);
        const answers = await Promise.all(children.map((child) => child.line()));
        expect(answers.filter((answer) => answer === 'won')).toHaveLength(1);
        const winner = children[answers.indexOf('won')];
        expect(await lockHolder(folder)).toContain(`process ${winner?.pid} on `);
      }
    }));

  test('is recognised when its number belongs to a later process', () =>
    inFolder(async (folder) => {
      await writeLock(
        folder,
        { ...thisProcess(), startTime: '1', token: 'earlier' },
        silenceLimitMillis + 1000,
      );
      expect(await acquire(folder)).toBeDefined();
    }));

  test('on another machine is taken over after a minute without a heartbeat', () =>
    inFolder(async (folder) => {
      await writeLock(folder, distantOwner, silenceLimitMillis - 10_000);
      expect(await acquire(folder)).toBeUndefined();
      expect(await lockHolder(folder)).toContain('elsewhere');
      await writeLock(folder, distantOwner, silenceLimitMillis + 1000);
      expect(await acquire(folder)).toBeDefined();
    }));

  test('is free after a takeover that itself was cut short', () =>
    inFolder(async (folder) => {
      await writeLock(folder, deadOwner);
      // Learn the name of the file that gives the right to take over, then leave it behind as a crash would.
      const right = await nameOfRight(folder);
      await writeFile(right, '');
      expect(await acquire(folder)).toBeUndefined();
      await age(right, unreadableLimitMillis + 1000);
      expect(await acquire(folder)).toBeUndefined();
      expect(await acquire(folder)).toBeDefined();
    }));

  async function nameOfRight(folder: string): Promise<string> {
    const text = await readFile(join(folder, lockFileName), 'utf8');
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
    return join(folder, `${lockFileName}.${digest}.takeover`);
  }
});

describe('a lock without a readable owner', () => {
  test.each([
    ['is empty', ''],
    ['is cut off', '{"pid": 12, "hostn'],
    ['is something else', '[1, 2]'],
    ['is far too long', ' '.repeat(10_000)],
  ])('that %s counts as being written at first and as dead after some seconds', (_, content) =>
    inFolder(async (folder) => {
      await writeLock(folder, content);
      expect(await acquire(folder)).toBeUndefined();
      expect(await lockHolder(folder)).toBe('a process that is starting');
      await age(join(folder, lockFileName), unreadableLimitMillis + 1000);
      expect(await acquire(folder)).toBeDefined();
    }),
  );
});

describe('the heartbeat', () => {
  /** Lets the clock of the heartbeat run ahead. */
  function wait(millis: number): void {
    const now = performance.now() + millis;
    vi.spyOn(performance, 'now').mockReturnValue(now);
  }

  test('shows in the time of the lock file, at most once a second', () =>
    inFolder(async (folder) => {
      const lock = await acquire(folder);
      const path = join(folder, lockFileName);
      await age(path, 30_000);
      expect(await lock?.beat()).toBe(true);
      expect(Date.now() - (await stat(path)).mtimeMs).toBeGreaterThan(29_000);
      wait(1500);
      expect(await lock?.beat()).toBe(true);
      expect(Date.now() - (await stat(path)).mtimeMs).toBeLessThan(10_000);
    }));

  test('tells the owner that its lock was taken over, and its release leaves the new owner alone', () =>
    inFolder(async (folder) => {
      const lock = await acquire(folder);
      await writeLock(folder, distantOwner);
      wait(1500);
      expect(await lock?.beat()).toBe(false);
      await lock?.release();
      expect(await lockHolder(folder)).toContain('elsewhere');
    }));

  test('tells the owner that its lock was deleted', () =>
    inFolder(async (folder) => {
      const lock = await acquire(folder);
      await rm(folder, { recursive: true });
      wait(1500);
      expect(await lock?.beat()).toBe(false);
    }));

  test('ends with the release', () =>
    inFolder(async (folder) => {
      const lock = await acquire(folder);
      await lock?.release();
      expect(await lock?.beat()).toBe(false);
    }));
});
