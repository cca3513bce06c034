import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { stateOf, thisProcess } from '../../src/store/process-identity.js';

// Elsewhere than on Linux a start time cannot be read, and a process number alone proves nothing.
const readable = process.platform === 'linux';

test('a process that runs is alive', () => {
  expect(stateOf(thisProcess())).toBe(readable ? 'alive' : 'unknown');
});

test('a process that has ended is dead', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  expect(stateOf({ pid: child.pid ?? 0, startTime: '1' })).toBe('dead');
});

test('a number that was given to a later process is that of a dead one', () => {
  expect(stateOf({ pid: process.pid, startTime: '1' })).toBe(readable ? 'dead' : 'unknown');
});

test('a process whose start is not known may be alive', () => {
  expect(stateOf({ pid: process.pid, startTime: null })).toBe('unknown');
});
