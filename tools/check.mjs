// Checks everything that does not need another judge (those are `npm run test:referees`): a line per step, what a failed
// step said, and at the end `N passed, N failed`; exits 1 when any failed.
//
//   npm run check [-- --without tests]
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';

const root = join(import.meta.dirname, '..');

/** Each step gives what is wrong; nothing when all is well. */
const steps = {
  lockfile: () => lockfileProblem() ?? command('npm', ['ci', '--dry-run', '--ignore-scripts']),
  hosts: hostProblem,
  format: () => tool('prettier', ['--check', '.']),
  references: () => tool('nx', ['sync:check']),
  build: () => tool('nx', ['run-many', '-t', 'build']),
  types: () => tool('tsc', ['--build']),
  lint: () => tool('nx', ['run-many', '-t', 'lint']) ?? tool('eslint', ['tools', '*.mjs']),
  unused: () => tool('knip', []),
  tests: () => tool('vitest', ['run']),
};

function tool(name, args) {
  return command('npx', ['--no-install', name, ...args]);
}

/** @returns {string | undefined} what a command said when it failed. */
function command(program, args) {
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256e6,
    shell: process.platform === 'win32',
  });
  if (status === 0) return undefined;
  return (
    stripVTControlCharacters(`${stdout ?? ''}${stderr ?? ''}`).trim() ||
    `${program} ended with ${error ?? signal ?? status}`
  );
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

function attempt(step) {
  try {
    return step();
  } catch (error) {
    return error.message;
  }
}

const { values } = parseArgs({ options: { without: { type: 'string', multiple: true, default: [] } } });
const unknown = values.without.find((name) => !(name in steps));
if (unknown !== undefined) {
  console.error(`there is no step '${unknown}'; the steps are ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}
let passed = 0;
let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  if (values.without.includes(name)) continue;
  const started = performance.now();
  const problem = attempt(step);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${problem === undefined ? 'ok    ' : 'failed'}  ${name} (${seconds} s)`);
  if (problem === undefined) passed += 1;
  else {
    failed += 1;
    console.log(problem.replace(/^/gm, '        '));
  }
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
