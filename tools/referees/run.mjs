// Lets others judge: the ONNX project's checker and evaluator, Python's safetensors, finite differences, a browser,
// WebGPU, kill -9, a full disk and an empty root folder. Prints a line per rule and, at the end, `N passed, N failed`; exits 1 when any failed.
//
//   npm run test:referees
//
// Needs Python 3.11 or newer (PYTHON names one; its packages go to .cache/venv/referees) and Chromium (CHROMIUM names
// one; Debian and Ubuntu: apt install chromium).
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { ensurePythonEnvironment } from '../python-environment.mjs';
import { canMount } from './disk.mjs';
import { vulkanEnvironment } from './vulkan.mjs';

const here = import.meta.dirname;
const cache = join(here, '..', '..', '.cache');
const note = (line) => console.error(line);

/** Longer than any referee takes on a slow machine; one that hangs must not hang the whole. */
const limitMillis = 900_000;

/**
 * What each referee judges. `checks` gives one entry per rule, `{rule, problem?}`; an error that it throws is the
 * problem of the referee as a whole. Each is a process or several, so that two can work side by side; those that need
 * no sample come first, since that is still being trained, and the longest of all foremost.
 */
const referees = [
  { title: 'TensorFlow.js', checks: () => jsonLines('tfjs.mjs', { isHeard: true }) },
  { title: 'kill -9', checks: () => jsonLines('kill.mjs', { isHeard: true }) },
  { title: 'a full disk', checks: fullDisk },
  {
    title: 'training on WebGPU',
    checks: () => jsonLines('webgpu-training.mjs', { environment: vulkanEnvironment() }),
  },
  { title: 'gradients', checks: ({ python }) => gradients(python) },
  { title: 'the bundle', checks: bundle },
  { title: 'models on WebGPU', checks: onWebGpu },
  { title: "the ONNX project's checker", checks: ({ sample, python }) => checker(python, sample) },
  { title: "the ONNX project's evaluator", checks: ({ sample, python }) => evaluator(python, sample) },
  { title: "Python's safetensors", checks: ({ sample, python }) => ticketReader(python, sample) },
  { title: 'the browser', checks: ({ sample, folder }) => browser(sample, folder) },
];

async function fullDisk() {
  if (canMount()) return jsonLines('disk.mjs');
  note('A full disk is not tried here: only root on Linux can mount the small one that it takes; CI does.');
  return [];
}

async function bundle({ sample, folder }) {
  if (!canMount()) {
    note(
      'The bundle runs with a bare PATH here: only root on Linux can shut it in an empty root folder; CI does.',
    );
  }
  const { models } = await sample;
  const pruned = files(models).filter((file) =>
    /lenet-300-100-.*level[1-9].*-(dense|compact)\.onnx$/.test(file),
  );
  return jsonLines('bundle.mjs', { args: [join(folder, 'bundle'), ...pruned] });
}

/** Correctness alone: through a driver in software times say nothing. */
async function onWebGpu({ sample }) {
  const { models } = await sample;
  const wanted = models.filter(({ file }) =>
    /(lenet-300-100|lenet-5)-.*level[1-9]|reuters-(ffnn|cnn)-/.test(file),
  );
  const args = wanted.flatMap(({ file, samples }) => [file, samples]);
  return jsonLines('webgpu-inference.mjs', { args, environment: vulkanEnvironment() });
}

async function checker(python, sample) {
  const { models } = await sample;
  const verdicts = await jsonLines('onnx_checker.py', { args: files(models), interpreter: python });
  return models.map(({ file }) => verdictOn(file, verdicts, ({ ok, error }) => (ok ? undefined : error)));
}

async function evaluator(python, sample) {
  const { models } = await sample;
  const pairs = models.flatMap(({ file, samples }) => [file, samples]);
  const verdicts = await jsonLines('onnx_reference.py', { args: pairs, interpreter: python });
  return models.map(({ file }) =>
    verdictOn(file, verdicts, ({ ok, error, maxDifference }) =>
      ok ? undefined : (error ?? `the logits differ by ${maxDifference}`),
    ),
  );
}

async function ticketReader(python, sample) {
  const { tickets } = await sample;
  const verdicts = await jsonLines('ticket_reader.py', { args: tickets, interpreter: python });
  return tickets.map((file) =>
    verdictOn(file, verdicts, ({ ok, problems }) => (ok ? undefined : problems.join('; '))),
  );
}

async function gradients(python) {
  const verdicts = await jsonLines('gradients.mjs', { environment: { PYTHON: python } });
  return verdicts.map(({ case: rule, ok, error, maxError }) => ({
    rule,
    problem: ok ? undefined : (error ?? `off by ${maxError}`),
  }));
}

async function browser(sample, folder) {
  const { pages } = await sample;
  const judged = [];
  for (const page of pages) {
    const name = basename(page, '.html');
    const { status, signal, stdout, stderr } = await ended('page.mjs', {
      args: [page, join(folder, 'screenshots', name)],
    });
    const problem = status === 0 ? undefined : (stderr || stdout).trim() || `ended with ${signal ?? status}`;
    judged.push({ rule: `the page ${name}`, problem });
  }
  return judged;
}

const files = (models) => models.map(({ file }) => file);

/** What a script prints, a JSON value per line. */
async function jsonLines(script, options = {}) {
  const { status, signal, error, stdout, stderr } = await ended(script, options);
  // Status 1 says that something did not pass; its line says why.
  if (status !== 0 && (status !== 1 || stdout.trim() === ''))
    throw new Error(`${script} ended with ${signal ?? status ?? error}: ${stderr.trim()}`);
  if (stdout.trim() === '') throw new Error(`${script} said nothing: ${stderr.trim()}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Runs a script beside this one to its end; where it is heard, what it says on standard error is seen at once. */
function ended(script, { args = [], environment = {}, interpreter = process.execPath, isHeard = false }) {
  const options = { env: { ...process.env, ...environment }, timeout: limitMillis, maxBuffer: 64e6 };
  return new Promise((resolve) => {
    const child = execFile(interpreter, [join(here, script), ...args], options, (error, stdout, stderr) =>
      resolve({ status: child.exitCode, signal: child.signalCode, error, stdout, stderr }),
    );
    child.stdin.end();
    if (isHeard) child.stderr.on('data', (text) => process.stderr.write(text));
  });
}

function verdictOn(file, verdicts, problemOf) {
  const verdict = verdicts.find((each) => each.file === file);
  return { rule: basename(file), problem: verdict ? problemOf(verdict) : 'the referee said nothing of it' };
}

function prepare(folder) {
  const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(chromium)) {
    throw new Error(
      `The report is looked at in Chromium, and there is none at ${chromium}: install it ` +
        '(Debian and Ubuntu: apt install chromium), or name one in the environment variable CHROMIUM.',
    );
  }
  const python = ensurePythonEnvironment({
    name: 'referees',
    requirements: join(here, 'requirements.txt'),
    purpose: 'The referee of the file formats',
    neededBytes: 4e8,
    log: note,
  });
  note('Training a small network for the referees to look at …');
  const sample = jsonLines('sample.mjs', { args: [folder] }).then(([made]) => made);
  // Whoever needs it is told; nobody else has to.
  sample.catch(() => undefined);
  return { sample, python, folder };
}

/** The beginning of what a referee said: a page with a fault in each of its figures says very much. */
function shortened(text) {
  const lines = text.split('\n').map((line) => (line.length > 300 ? `${line.slice(0, 300)} …` : line));
  const more = lines.length > 12 ? [`… and ${lines.length - 12} more lines`] : [];
  return [...lines.slice(0, 12), ...more].join('\n');
}

async function judge({ title, checks }, context) {
  const started = performance.now();
  const judged = await Promise.resolve(context)
    .then(checks)
    .catch((error) => [{ rule: 'the referee itself', problem: error.message }]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  for (const { rule, problem } of judged) {
    const ok = problem === undefined;
    console.log(`${ok ? 'ok    ' : 'failed'}  ${title}: ${rule}${ok ? '' : `: ${shortened(problem)}`}`);
  }
  const failed = judged.filter(({ problem }) => problem !== undefined).length;
  console.log(`${title}: ${judged.length - failed} of ${judged.length} in ${seconds} s\n`);
  return { passed: judged.length - failed, failed };
}

/** All counts. Two work at a time where there are cores for it: most of them keep one busy. */
async function judgeAll(context) {
  const waiting = [...referees];
  const counts = [];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      counts.push(await judge(next, context));
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  const sum = (key) => counts.reduce((total, { [key]: count }) => total + count, 0);
  return { passed: sum('passed'), failed: sum('failed') };
}

mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'referees-'));
try {
  const { passed, failed } = await judgeAll(prepare(folder));
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
