import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDataset } from '@winning-tickets/datasets';
import type { ExportedFile } from '@winning-tickets/export';
import { readModelInfo } from '@winning-tickets/onnx';
import type { NetworkSpec } from '@winning-tickets/ticket';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawnTicket } from './drawn-ticket.js';
import { tickets } from './tickets.js';

const source = { id: 'reuters-46', validation: 898, splitSeed: 0 } as const;
const split = { seed: 0, validation: 898 };
const bags = { kind: 'bag', words: 20, weights: 'binary' } as const;
const sequences = { kind: 'sequence', words: 100, length: 20 } as const;

const bagNetwork = {
  name: 'bags',
  input: [20],
  layers: [{ kind: 'dense', units: 8 }, { kind: 'relu' }, { kind: 'dense', units: 46 }],
};

/** A convolution over words, as the text networks have it. */
const sequenceNetwork = {
  name: 'words',
  input: [20],
  layers: [
    { kind: 'embedding', vocabulary: 102, size: 8 },
    { kind: 'conv1d', filters: 12, kernel: 3, padding: 'same' },
    { kind: 'relu' },
    { kind: 'globalmaxpool' },
    { kind: 'dense', units: 46 },
  ],
};

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winning-tickets-cli-'));
  const write = async (file: string, network: NetworkSpec, text: typeof bags | typeof sequences) => {
    const dataset = await loadDataset({ ...source, text });
    await writeFile(join(folder, file), await drawnTicket({ network, dataset, split, text }));
  };
  await write('bags.ticket', bagNetwork, bags);
  await write('words.ticket', sequenceNetwork, sequences);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Exports, and what the files say of themselves. */
async function exported(ticket: string, out: string, ...args: string[]) {
  const outcome = await tickets(folder, 'export', ticket, '--out', out, '--json', ...args);
  expect(outcome.code, outcome.stderr).toBe(0);
  const files = JSON.parse(outcome.stdout) as ExportedFile[];
  return await Promise.all(
    files.map(async (file) => {
      const { metadata } = readModelInfo(await readFile(join(folder, file.file)), file.file);
      return { ...file, of: metadata['tickets.of'], form: metadata['tickets.inputForm'] };
    }),
  );
}

test('int8 rounds the encoding that --of names; its file says which, in its name and its metadata', async () => {
  const int8 = (...args: string[]) => exported('bags.ticket', 'a', '--encoding', 'int8', ...args);
  const [plain] = await int8();
  const [bag] = await int8('--of', 'bag');
  const [compact] = await int8('--of', 'compact');
  expect([plain?.of, bag?.of, compact?.of]).toEqual(['dense', 'bag', 'compact']);
  expect(bag).toMatchObject({ form: 'bag', check: { tolerance: { accuracy: 0.01 } } });
  expect(bag?.file).toMatch(/-bag-int8\.onnx$/);
  expect(compact?.file).toMatch(/-compact-int8\.onnx$/);
  expect(plain?.file).not.toMatch(/(dense|bag|compact)-int8/);
  for (const { check } of [plain, bag, compact].flatMap((one) => one ?? []))
    expect(Math.abs((check?.accuracy ?? NaN) - (check?.referenceAccuracy ?? NaN))).toBeLessThanOrEqual(0.01);
}, 60_000);

test('a network over sequences of words is rounded and proved on its documents', async () => {
  const files = await exported('words.ticket', 'b', '--encoding', 'dense,fp16,int8', '--of', 'compact');
  const [dense, ...rounded] = files;
  expect(rounded.map(({ encoding, of, form }) => [encoding, of, form])).toEqual([
    ['fp16', 'compact', 'sequence'],
    ['int8', 'compact', 'sequence'],
  ]);
  for (const { check } of rounded) {
    expect(check?.samples).toBe(2_246);
    expect(check?.maxLogitDifference).toBeGreaterThan(0);
    expect(check?.referenceAccuracy).toBe(dense?.check?.accuracy);
  }
}, 60_000);

test('an encoding that cannot be rounded, or --of where nothing rounds, is refused and nothing is written', async () => {
  const sentence = async (...args: string[]) => {
    const outcome = await tickets(folder, 'export', 'bags.ticket', '--out', 'c', ...args);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stdout).toBe('');
    return outcome.stderr.trimEnd();
  };
  expect(await sentence('--encoding', 'fp16', '--of', 'sparse')).toMatch(
    /option 'of' must be one of dense, compact, bag, shared-bag, found sparse;/,
  );
  expect(await sentence('--encoding', 'dense', '--of', 'compact')).toContain('--of is for fp16, int8');
  expect(await readdir(folder)).not.toContain('c');
}, 60_000);
