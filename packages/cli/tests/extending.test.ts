import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launched } from './tickets.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let folder = '';
let page = '';

/** The code of the page that is to be saved under a name. */
function fileOf(name: string): string {
  const announced = page.indexOf(`Save this as \`${name}\``);
  const code = /```\w+\n([\s\S]*?)```/.exec(page.slice(announced));
  if (announced < 0 || !code?.[1]) throw new Error(`the page does not say what ${name} is`);
  return code[1];
}

/** The commands of the page, as the arguments of `tickets`. */
function commands(): string[][] {
  return [...page.matchAll(/^npm run tickets -- (.*)$/gm)].map(([, rest = '']) => rest.split(' '));
}

async function someTicket(): Promise<string> {
  const [run = ''] = await readdir(join(folder, 'runs'));
  const stage = join('runs', run, 'trial-1', 'iterative', 'level-2');
  const name = (await readdir(join(folder, stage))).find((one) => one.endsWith('.ticket'));
  return join(stage, name ?? '');
}

beforeAll(async () => {
  page = await readFile(join(root, 'docs', 'extending.md'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'winning-tickets-extending-'));
  for (const name of ['mish.mjs', 'mish.json']) await writeFile(join(folder, name), fileOf(name));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('every command of the page on extending does what it says', async () => {
  expect(commands().map(([command]) => command)).toEqual(['run', 'show', 'verify']);
  for (const args of commands()) {
    const place = args.indexOf('SOME.ticket');
    const filled = place < 0 ? args : args.with(place, await someTicket());
    const { code, stderr } = await launched(folder, ...filled);
    expect(code, `tickets ${args.join(' ')}: ${stderr}`).toBe(0);
  }
  const [run = ''] = await readdir(join(folder, 'runs'));
  const exports = await readdir(join(folder, 'runs', run, 'exports'));
  expect(exports.filter((name) => name.endsWith('.onnx')).length).toBeGreaterThan(0);
  // Layers of one's own are masked like any other.
  const stage = await readFile(
    join(folder, 'runs', run, 'trial-1', 'iterative', 'level-2', 'stage.json'),
    'utf8',
  );
  const { layerDensities } = JSON.parse(stage) as { layerDensities: Record<string, number> };
  expect(layerDensities['gain1.weight']).toBeCloseTo(0.64, 5);
}, 120_000);

test('without the module a run says what is missing', async () => {
  const { code, stderr } = await launched(folder, 'show', 'mish');
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/unknown network 'lenet-mish'/);
  expect(stderr).toMatch(/--module/);
}, 30_000);

test('a module that changed, or is none, is refused in one sentence', async () => {
  await writeFile(join(folder, 'none.mjs'), 'export default 3;\n');
  const none = await launched(folder, 'doctor', '--module', 'none.mjs');
  expect(none.stderr.trim()).toBe(
    'tickets: none.mjs: expected a function of ({ onnx, ticket, z }) as its default export',
  );
  const missing = await launched(folder, 'doctor', '--module', 'missing.mjs');
  expect(missing.code).not.toBe(0);
  expect(missing.stderr).toMatch(/missing\.mjs: the module cannot be read/);
  await writeFile(join(folder, 'taken.mjs'), "export default () => ({ layers: [{ kind: 'dense' }] });\n");
  const taken = await launched(folder, 'doctor', '--module', 'taken.mjs');
  expect(taken.stderr).toMatch(/^tickets: taken\.mjs: what it returns: 'layers\[0\]\.prefix' must be/);
}, 60_000);

test('the check of a gradient on the page holds', async () => {
  // It imports the packages, so it runs inside the project.
  const inside = await mkdtemp(join(root, 'packages', 'cli', 'extending-'));
  try {
    await writeFile(join(inside, 'mish.mjs'), fileOf('mish.mjs'));
    await writeFile(join(inside, 'check.mjs'), fileOf('check.mjs'));
    const { stdout } = await promisify(execFile)(process.execPath, ['check.mjs'], { cwd: inside });
    expect(stdout.trim()).toBe('the gradient agrees');
  } finally {
    await rm(inside, { recursive: true });
  }
}, 30_000);
