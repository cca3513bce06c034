import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { start, tickets, workplace } from './tickets.js';

let folder = '';

beforeAll(async () => {
  folder = await workplace();
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const args = ['train', 'tiny.json', '--iterations', '150', '--evaluate-every', '50', '--json'];

test('Ctrl-C stops with 130 and says how to go on; the same command then ends with the same ticket', async () => {
  const stopped = start(folder, ...args);
  await stopped.seen('finished trial 1, iterative, level 0');
  stopped.child.kill('SIGINT');
  const { code, stdout, stderr } = await stopped.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toContain(`tickets: stopped; to go on, run again: tickets ${args.join(' ')}\n`);

  const resumed = await tickets(folder, ...args);
  expect(resumed.code, resumed.stderr).toBe(0);
  const whole = await tickets(folder, ...args, '--runs', 'whole');
  expect((JSON.parse(resumed.stdout) as Trained).trainings).toEqual({ done: 2, expected: 2 });
  expect((JSON.parse(resumed.stdout) as Trained).tickets).toEqual(
    (JSON.parse(whole.stdout) as Trained).tickets,
  );
}, 90_000);

interface Trained {
  readonly trainings: unknown;
  readonly tickets: unknown;
}

test('SIGTERM stops with 143', async () => {
  const stopped = start(folder, ...args, '--seed', '2', '--iterations', '100000');
  await stopped.seen('2 trainings of');
  stopped.child.kill('SIGTERM');
  const { code, stdout } = await stopped.ended;
  expect({ code, stdout }).toEqual({ code: 143, stdout: '' });
}, 60_000);

test('a reader that leaves ends the program quietly', async () => {
  const listing = start(folder, 'datasets', '--json');
  listing.child.stdout.destroy();
  const { code, stderr } = await listing.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
