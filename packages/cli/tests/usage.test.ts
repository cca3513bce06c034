import { rm, symlink, writeFile, mkdir, copyFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../src/program.js';
import { launched, tickets, tiny, workplace } from './tickets.js';

let folder = '';

beforeAll(async () => {
  folder = await workplace();
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function sentenceOf(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tickets(folder, ...args);
  expect(stdout).toBe('');
  expect(code).toBe(1);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^tickets: /);
  return lines[0] ?? '';
}

async function experiment(changes: Readonly<Record<string, unknown>>): Promise<string> {
  await writeFile(join(folder, 'changed.json'), JSON.stringify({ ...tiny, ...changes }));
  return 'changed.json';
}

describe('help', () => {
  test('every command has a description and examples that name it', async () => {
    const { commands } = await createProgram([]);
    expect(commands.length).toBeGreaterThanOrEqual(12);
    for (const command of commands) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help).toContain(`Usage: tickets ${command.name()}`);
      expect(help).toContain(`Examples:\n  tickets ${command.name()}`);
      expect(command.description().length).toBeGreaterThan(40);
    }
  });

  test('--help and --version go to standard output and succeed', async () => {
    const help = await launched(folder, 'bench', '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--baseline');
    // This one loads every command, as it was built.
    const all = await launched(folder, '--help');
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toContain('trainability');
    const version = await launched(folder, '--version');
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
  });
});

test('a process ends with the exit code, and says why on standard error alone', async () => {
  expect(await launched(folder, 'lsit')).toMatchObject({ code: 2, stdout: '' });
  expect(await launched(folder, 'show', 'none.ticket')).toEqual({
    ...{ code: 1, stdout: '' },
    stderr: expect.stringMatching(/^tickets: none\.ticket: there is no such file.*\n$/) as string,
  });
});

describe('wrong usage exits with 2 and names the nearest', () => {
  test.each([
    [['lsit'], "unknown command 'lsit' (did you mean list?)"],
    [['list', '--jsno'], "unknown option '--jsno' (did you mean --json?)"],
    [['run', 'quick', '--encodings', 'dense,sparce'], "unknown encoding 'sparce'; did you mean 'sparse'?"],
    [['run', 'quick', '--trials', 'two'], 'Expected a whole number'],
    [['run', 'tiny.json', '--levels-to-export', '7'], 'the experiment has levels 0 to 1'],
    [['list', 'extra'], 'too many arguments'],
    [['predict', 'x.onnx'], 'name images (--image) or texts (--text, --text-file)'],
    [['run', 'tiny.json', '--encodings', 'dense,bag'], 'names bag, which is for networks over bags of words'],
    [
      ['export', 'x.ticket', '--compact-bag'],
      '--compact-bag is for bag, shared-bag: add it to the encodings',
    ],
    [['clean', '--all', '--checkpoints'], 'exclude each other'],
    [['export', 'x.ticket', '--live-inputs', '--encoding', 'dense'], 'is for compact'],
  ])('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await tickets(folder, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^tickets: /);
    expect(stderr).toContain(sentence);
  });
});

describe('bad input exits with 1 and one sentence', () => {
  test('an unknown experiment names the nearest', async () => {
    expect(await sentenceOf('run', 'quik')).toContain("unknown experiment 'quik'; did you mean 'quick'?");
  });

  test('a missing file', async () => {
    expect(await sentenceOf('train', 'none.json')).toContain('none.json: there is no such file');
    expect(await sentenceOf('show', 'none.ticket')).toContain('none.ticket: there is no such file');
    expect(await sentenceOf('verify', 'none.onnx')).toContain('none.onnx: there is no such file');
    expect(await sentenceOf('show', 'none')).toContain('none: there is no such run');
  });

  test('an unknown key of an experiment names the nearest', async () => {
    await writeFile(join(folder, 'key.json'), JSON.stringify({ ...tiny, iteratons: 30 }));
    const sentence = await sentenceOf('train', 'key.json');
    expect(sentence).toContain('key.json');
    expect(sentence).toContain("'iteratons'");
    expect(sentence).toContain("'iterations'");
  });

  test('a pruning rate outside 0 to 1', async () => {
    const file = await experiment({ pruning: { ...tiny.pruning, rate: 1.5 } });
    expect(await sentenceOf('train', file)).toMatch(/changed\.json.*rate.*1/);
  });

  test('zero iterations, in the file and on the command line', async () => {
    expect(await sentenceOf('train', await experiment({ iterations: 0 }))).toMatch(/iterations.*1/);
    expect(await sentenceOf('train', 'tiny.json', '--iterations', '0')).toMatch(
      /tiny\.json with --iterations 0: .*iterations/,
    );
  });

  test('an experiment that is not JSON', async () => {
    await writeFile(join(folder, 'broken.json'), '{ "name": ');
    expect(await sentenceOf('train', 'broken.json')).toContain('broken.json: is not valid JSON');
  });

  test('claims that are unknown or not valid, and a run that is not there', async () => {
    await writeFile(join(folder, 'own.json'), JSON.stringify({ source: 'a paper', claims: [] }));
    expect(await sentenceOf('claims', 'none', '--claims', 'frankle')).toContain("unknown claims 'frankle'");
    expect(await sentenceOf('claims', 'none', '--claims', 'own.json')).toContain(
      "own.json: 'claims' must be",
    );
    expect(await sentenceOf('claims', 'none')).toContain('none: there is no such run');
  });

  test('a file where the folder of the runs should be', async () => {
    expect(await sentenceOf('list', '--runs', 'tiny.json')).toContain('tiny.json');
    expect(await sentenceOf('train', 'tiny.json', '--runs', 'tiny.json')).toContain('tiny.json');
  });

  test('garbage in place of a ticket, a model, a benchmark or a run', async () => {
    await writeFile(join(folder, 'garbage.ticket'), 'garbage, but long enough for a header');
    await writeFile(join(folder, 'garbage.onnx'), 'garbage');
    await mkdir(join(folder, 'no-run'), { recursive: true });
    expect(await sentenceOf('show', 'garbage.ticket')).toContain('garbage.ticket');
    expect(await sentenceOf('show', 'garbage.onnx')).toContain('garbage.onnx');
    expect(await sentenceOf('show', 'tiny.json')).toContain('tiny.json: not a benchmark result');
    expect(await sentenceOf('report', 'no-run')).toContain('no-run is not a run');
  });
});

describe('the launcher', () => {
  test('says when the program is not built', async () => {
    const bin = join(folder, 'unbuilt', 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(join(folder, 'unbuilt', 'package.json'), '{ "type": "module" }');
    const original = fileURLToPath(new URL('../bin/tickets.js', import.meta.url));
    await copyFile(original, join(bin, 'tickets.js'));
    const run = promisify(execFile)(process.execPath, [join(bin, 'tickets.js'), 'list']);
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: 'tickets: the program is not built yet: run `npm run build` in its folder first\n',
    });
  });

  test('works through a link, as npm installs it', async () => {
    const original = fileURLToPath(new URL('../bin/tickets.js', import.meta.url));
    await symlink(original, join(folder, 'linked'));
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(folder, 'linked'),
      'datasets',
      '--json',
    ]);
    const all = JSON.parse(stdout) as { id: string }[];
    expect(all.map(({ id }) => id)).toContain('mnist');
  });
});
