// Lets others judge: the ONNX project's checker and evaluator, Python's safetensors, finite differences, a browser,
// WebGPU, kill -9 and a full disk. Prints a line per rule and, at the end, `N passed, N failed`; exits 1 when any failed.
//
//   npm run test:referees
//
// Needs Python 3.11 or newer (PYTHON names one; its packages go to .cache/venv/referees) and Chromium (CHROMIUM names
// one; Debian and Ubuntu: apt install chromium).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ensurePythonEnvironment } from '../python-environment.mjs';
import { diskReferee } from './disk.mjs';
import { killReferee } from './kill.mjs';
import { makeSample } from './sample.mjs';
import { tfjsReferee } from './tfjs.mjs';
import { vulkanEnvironment } from './vulkan.mjs';

const here = import.meta.dirname;
const cache = join(here, '..', '..', '.cache');
const note = (line) => console.error(line);

/** Longer than any referee takes on a slow machine; one that hangs must not hang the whole. */
const limitMillis = 300_000;

/**
 * What each referee judges. `checks` gives one entry per rule, `{rule, problem?}`; an error that it throws is the
 * problem of the referee as a whole.
 */
const referees = [
  { title: "the ONNX project's checker", checks: ({ sample, python }) => checker(python, sample.models) },
  { title: "the ONNX project's evaluator", checks: ({ sample, python }) => evaluator(python, sample.models) },
  { title: "Python's safetensors", checks: ({ sample, python }) => ticketReader(python, sample.tickets) },
  { title: 'gradients', checks: ({ python }) => gradients(python) },
  { title: 'training on WebGPU', checks: () => webgpuTraining() },
  { title: 'the browser', checks: ({ sample, folder }) => browser(sample.page, folder) },
  { title: 'kill -9', checks: () => killReferee({ kills: 20, seed: 1, log: note }) },
  { title: 'TensorFlow.js', checks: () => tfjsReferee({ log: note }) },
  { title: 'a full disk', checks: () => diskReferee({ log: note }) },
];

function checker(python, models) {
  const verdicts = jsonLines(python, ['onnx_checker.py', ...models.map(({ file }) => file)]);
  return models.map(({ file }) => verdictOn(file, verdicts, ({ ok, error }) => (ok ? undefined : error)));
}

function evaluator(python, models) {
  return models.map(({ file, samples }) => {
    const verdicts = jsonLines(python, ['onnx_reference.py', file, samples]);
    return verdictOn(file, verdicts, ({ ok, error, maxDifference }) =>
      ok ? undefined : (error ?? `the logits differ by ${maxDifference}`),
    );
  });
}

function ticketReader(python, tickets) {
  const verdicts = jsonLines(python, ['ticket_reader.py', ...tickets]);
  return tickets.map((file) =>
    verdictOn(file, verdicts, ({ ok, problems }) => (ok ? undefined : problems.join('; '))),
  );
}

function gradients(python) {
  const verdicts = jsonLines(process.execPath, ['gradients.mjs'], { PYTHON: python });
  return verdicts.map(({ case: rule, ok, error, maxError }) => ({
    rule,
    problem: ok ? undefined : (error ?? `off by ${maxError}`),
  }));
}

function webgpuTraining() {
  return jsonLines(process.execPath, ['webgpu-training.mjs'], vulkanEnvironment());
}

function browser(page, folder) {
  return [program('the report page', 'page.mjs', [page, join(folder, 'screenshots')])];
}

/** The judgement of a program whose exit status says it all. */
function program(rule, script, args) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [join(here, script), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMillis,
    maxBuffer: 64e6,
  });
  if (status === 0) return { rule };
  return { rule, problem: (stderr || stdout).trim() || `ended with ${signal ?? status}` };
}

/** What a script prints, a JSON value per line. */
function jsonLines(interpreter, [script, ...args], environment = {}) {
  const { status, signal, error, stdout, stderr } = spawnSync(interpreter, [join(here, script), ...args], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMillis,
    maxBuffer: 64e6,
  });
  // Status 1 says that a file did not pass; its line says why.
  if (status !== 0 && status !== 1)
    throw new Error(`${script} ended with ${error ?? signal ?? status}: ${stderr}`);
  if (stdout.trim() === '') throw new Error(`${script} said nothing: ${stderr.trim()}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
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
  return makeSample(folder).then((sample) => ({ sample, python, folder }));
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
  for (const { rule, problem } of judged) {
    const ok = problem === undefined;
    console.log(`${ok ? 'ok    ' : 'failed'}  ${title}: ${rule}${ok ? '' : `: ${shortened(problem)}`}`);
  }
  const failed = judged.filter(({ problem }) => problem !== undefined).length;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${title}: ${judged.length - failed} of ${judged.length} in ${seconds} s\n`);
  return { passed: judged.length - failed, failed };
}

mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'referees-'));
try {
  const context = await prepare(folder);
  let passed = 0;
  let failed = 0;
  for (const referee of referees) {
    const counts = await judge(referee, context);
    passed += counts.passed;
    failed += counts.failed;
  }
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
