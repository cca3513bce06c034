// Checks everything that does not need another judge (those are `npm run test:referees`): a line per step, what a failed
// step said, and at the end `N passed, N failed`; exits 1 when any failed.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { oneOf, optionsOf } from './options.mjs';

const root = join(import.meta.dirname, '..');

/** Each step gives what is wrong; nothing when all is well. */
const steps = {
  // First: it leaves the graph of the packages, without which lint knows no arrows between them.
  references: () => tool('nx', ['sync:check']),
  lint,
  lockfile: async () => lockfileProblem() ?? (await command('npm', ['ci', '--dry-run', '--ignore-scripts'])),
  hosts: hostProblem,
  format: () => tool('prettier', ['--check', '.']),
  build: () => tool('nx', ['run-many', '-t', 'build']),
  pages: () => command('node', ['tools/branches.mjs', '--check']),
  types: () => tool('tsc', ['--build']),
  unused: () => tool('knip', []),
  tests: () => tool('vitest', ['run']),
};

/** One process for all packages, because it reads the types of what they share once: half the work of one for each. */
async function lint() {
  const { problem, output } = await ended('npx', ['--no-install', 'eslint', '.']);
  const skipped = /.*The rule will be skipped.*/.exec(output);
  return problem ?? (skipped ? `a rule was not checked: ${skipped[0]}` : undefined);
}

function tool(name, args) {
  return command('npx', ['--no-install', name, ...args]);
}

/** @returns {Promise<string | undefined>} what a command said when it failed. */
async function command(program, args) {
  return (await ended(program, args)).problem;
}

/** Runs a command to its end: all that it said, which is the problem when it failed. */
function ended(program, args) {
  const options = {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false' },
    maxBuffer: 256e6,
    shell: process.platform === 'win32',
  };
  return new Promise((resolve) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const output = stripVTControlCharacters(`${stdout}${stderr}`).trim();
      resolve({ output, problem: error ? output || `${program}: ${error.message}` : undefined });
    });
    child.stdin.end();
  });
}

// A lockfile with addresses works with one registry alone.
function lockfileProblem() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const addressed = Object.keys(packages).filter((name) => /^[a-z+]+:/.test(packages[name].resolved ?? ''));
  return addressed.length === 0
    ? undefined
    : `package-lock.json holds download addresses, of ${addressed.slice(0, 3).join(', ')}: ` +
        'remove their "resolved" entries (.npmrc leaves them out when npm writes the file)';
}

// Whoever builds this chooses where packages come from.
function hostProblem() {
  const patterns = [
    /\bnpmjs\.(?:com|org)\b/,
    /\bpypi\.org\b/,
    /\bpythonhosted\.org\b/,
    /\byarnpkg\.com\b/,
    /\bunpkg\.com\b/,
    /\bjsdelivr\.net\b/,
    /\bhttps?:\/\/[\w.-]*(?:registry|artifactory|nexus|mirror)[\w.-]*\.[a-z]{2,}/i,
    /^\s*(?:registry|index-url|extra-index-url)\s*=/m,
  ];
  const own = ownRegistryHost();
  const named = trackedFiles().flatMap((file) => {
    const text = readFileSync(join(root, file), 'latin1');
    const found = patterns.map((pattern) => pattern.exec(text)?.[0]).find((match) => match !== undefined);
    const host = found ?? (own !== undefined && text.includes(own) ? own : undefined);
    return host === undefined ? [] : [`${file} names a package registry: ${host}`];
  });
  return named.length === 0 ? undefined : named.join('\n');
}

/** Where this machine gets its packages. */
function ownRegistryHost() {
  const { stdout } = spawnSync('npm', ['config', 'get', 'registry'], { cwd: root, encoding: 'utf8' });
  const address = stdout?.trim() ?? '';
  return URL.canParse(address) ? new URL(address).host || undefined : undefined;
}

function trackedFiles() {
  const { status, stdout } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64e6,
    },
  );
  if (status !== 0) throw new Error('git could not list the files: run this in a clone of the repository');
  return stdout.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

async function attempt(step) {
  try {
    return await step();
  } catch (error) {
    return error.message;
  }
}

/** Takes a step and says how it went; gives whether all is well. */
async function take(name) {
  const started = performance.now();
  const problem = await attempt(steps[name]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${problem === undefined ? 'ok    ' : 'failed'}  ${name} (${seconds} s)`);
  if (problem !== undefined) console.log(problem.replace(/^/gm, '        '));
  return problem === undefined;
}

async function takeAll(names) {
  const passed = [];
  for (const name of names) passed.push(await take(name));
  return passed;
}

const usage = `Usage: npm run check -- [options]

Checks everything that does not need another judge.

  --without STEP  leave a step out; repeatable. Steps: ${Object.keys(steps).join(', ')}
  --help          print this`;

const { values } = optionsOf(usage, { without: { type: 'string', multiple: true, default: [] } });
const without = values.without.map((name) => oneOf('--without', name, Object.keys(steps)));
const wanted = Object.keys(steps).filter((name) => !without.includes(name));
const isAlone = (name) => name === 'references';
const outcomes = await takeAll(wanted.filter(isAlone));
// Lint takes as long as all others together, and one core.
const lanes = [['lint'], Object.keys(steps).filter((name) => name !== 'lint' && !isAlone(name))];
const side = lanes.map((lane) => takeAll(lane.filter((name) => wanted.includes(name))));
outcomes.push(...(await Promise.all(side)).flat());
const passed = outcomes.filter(Boolean).length;
console.log(`${passed} passed, ${outcomes.length - passed} failed`);
if (passed < outcomes.length) process.exitCode = 1;
