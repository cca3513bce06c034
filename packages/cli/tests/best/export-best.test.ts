import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDataset } from '@winning-tickets/datasets';
import { readModelInfo } from '@winning-tickets/onnx';
import { readTicket } from '@winning-tickets/ticket';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { candidateModels } from '../../src/best/candidates.js';
import type { BestExport } from '../../src/best/export-best.js';
import { drawnTicket } from '../drawn-ticket.js';
import { start, tickets } from '../tickets.js';

const text = { kind: 'bag', words: 20, weights: 'binary' } as const;
const measured = ['--encoding', 'best', '--batches', '1', '--repeats', '2', '--json'];

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winning-tickets-cli-'));
  const dataset = await loadDataset({ id: 'reuters-46', validation: 898, splitSeed: 0, text });
  const layers = [{ kind: 'dense', units: 8 }, { kind: 'relu' }, { kind: 'dense', units: 46 }];
  const network = { name: 'small', input: [20], layers };
  const bytes = await drawnTicket({ network, dataset, split: { seed: 0, validation: 898 }, text });
  await writeFile(join(folder, 'small.ticket'), bytes);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('best measures every way to write a ticket and leaves the models it chose, with the evidence of two runs', async () => {
  const outcome = await tickets(folder, 'export', 'small.ticket', '--out', 'out', ...measured);
  expect(outcome.code, outcome.stderr).toBe(0);
  const { files, evidenceFile, evidence } = JSON.parse(outcome.stdout) as BestExport;
  expect(JSON.parse(await readFile(join(folder, evidenceFile), 'utf8'))).toEqual(evidence);
  expect((await readdir(join(folder, 'out'))).sort()).toEqual(
    [evidenceFile, ...files.map(({ file }) => file)].map((file) => file.slice('out/'.length)).sort(),
  );
  const { best, chosenIn, reportedIn, leftOut } = evidence;
  expect(chosenIn.models.map(({ encoding }) => encoding)).toEqual(
    candidateModels(await readTicket(join(folder, 'small.ticket')), false).map(({ encoding }) => encoding),
  );
  expect(leftOut).toEqual([]);
  expect(best.map(({ batch }) => batch)).toEqual([1]);
  expect(reportedIn.options.seed).not.toBe(chosenIn.options.seed);
  expect(reportedIn.models.map(({ encoding }) => encoding)).toContain('dense');
  for (const { file, encoding, beatsDense, reported } of best) {
    const { metadata } = readModelInfo(await readFile(join(folder, 'out', file)), file);
    expect(metadata['tickets.encoding']).toBe(encoding);
    expect(encoding === 'dense').toBe(!beatsDense);
    expect(reported === null).toBe(!beatsDense);
  }
}, 60_000);

test('show tells what was chosen and what every candidate took, or which key of the evidence is wrong', async () => {
  const name = (await readdir(join(folder, 'out'))).find((one) => one.endsWith('.best.json')) ?? '';
  const file = join('out', name);
  const evidence = JSON.parse(await readFile(join(folder, file), 'utf8')) as BestExport['evidence'];
  const shown = await tickets(folder, 'show', file);
  expect(shown.code, shown.stderr).toBe(0);
  expect(shown.stdout).toContain(`the fastest encodings of ticket ${evidence.ticket.slice(0, 12)}`);
  for (const { batch, file: chosen } of evidence.best) {
    expect(shown.stdout).toMatch(new RegExp(`batch ${batch}: .*${chosen}`));
  }
  for (const { name, batches } of evidence.chosenIn.models) {
    const line = shown.stdout.split('\n').find((one) => one.startsWith(`${name} `)) ?? '';
    expect(line).toContain(` ${batches[0]?.latencyMicros.p50.toFixed(1) ?? 'nothing'} `);
  }
  const json = await tickets(folder, 'show', file, '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ file, kind: 'best-encoding', best: evidence.best });
  await writeFile(join(folder, 'broken.json'), JSON.stringify({ ...evidence, best: [{ batch: 1 }] }));
  const refused = await tickets(folder, 'show', 'broken.json');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain("broken.json: not the evidence of a best encoding at 'best.0.file'");
}, 60_000);

test('stopped by a signal while it measures, it leaves nothing', async () => {
  const { child, ended, seen } = start(folder, 'export', 'small.ticket', '--out', 'stopped', ...measured);
  await seen('measuring memory');
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, stdout: '' });
  expect(await readdir(folder)).not.toContain('stopped');
}, 60_000);

test('what is no evidence for the ticket is not replaced', async () => {
  const name = (await readdir(join(folder, 'out'))).find((one) => one.endsWith('.json')) ?? '';
  await writeFile(join(folder, 'out', name), '{}');
  const outcome = await tickets(folder, 'export', 'small.ticket', '--out', 'out', ...measured);
  expect(outcome).toMatchObject({ code: 1, stdout: '' });
  expect(outcome.stderr).toContain(`${name}: holds something else than the evidence for this ticket`);
  expect(await readFile(join(folder, 'out', name), 'utf8')).toBe('{}');
}, 60_000);
