import { expect, test } from 'vitest';
import { commandLine } from '../src/command-line.js';

test('the command is what was typed, however it was started', () => {
  const args = ['run', 'quick', '--runs', 'my runs'];
  expect(commandLine(args, undefined)).toBe("tickets run quick --runs 'my runs'");
  expect(commandLine(args, 'tickets')).toBe("npm run tickets -- run quick --runs 'my runs'");
  expect(commandLine(args, 'start')).toBe("npm start -- --runs 'my runs'");
  expect(commandLine(['run', 'quick'], 'start')).toBe('npm start');
});
