// Makes the bundle for machines without network and lets it measure two models where nothing else is: in a root folder that
// holds a shell and a few tools; without root, with nothing but these tools on the PATH. Damaged and missing parts come
// first: they must be refused.
//
//   node tools/referees/bundle.mjs FOLDER MODEL MODEL
//
// FOLDER is made. Prints a line of JSON per rule, `{rule, problem?}`; exits 1 when one has a problem.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseBenchResult } from '@winning-tickets/bench';
import { canMount } from './disk.mjs';

const make = join(import.meta.dirname, '..', 'bundle', 'make.mjs');

/** Small enough that there are several parts. */
const PART_BYTES = 24 * 2 ** 20;

/** What can be taken home from a machine that lets out only small files. */
const MOST_RESULT_BYTES = 16e6;

/** What run.sh says that it needs: bash, tar, xz, gzip, and find and the core utilities. */
const tools = [
  ...['bash', 'tar', 'xz', 'gzip', 'find', 'env', 'cat', 'cp', 'dirname', 'ls', 'mkdir', 'mv', 'rm', 'rmdir'],
  ...['sha256sum', 'split', 'grep'],
];

/** Libraries of the C library that any machine has; a tool here may need none of them, Node.js does. */
const libc = ['libdl.so.2', 'libm.so.6', 'libpthread.so.0', 'librt.so.1'];

/** @returns {{rule: string, problem?: string}[]} one entry per rule. */
function bundleReferee(folder, models) {
  mkdirSync(folder, { recursive: true });
  const host = canMount() ? emptyRoot(join(folder, 'root')) : barePath(join(folder, 'bare'));
  const made = spawnSync(
    process.execPath,
    [
      ...[make, '--provider', 'cpu', '--out', join(host.place, 'carried'), '--level', '0'],
      ...['--part-size', String(PART_BYTES), '--models', ...models],
    ],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`make.mjs ended with ${made.status}: ${made.stderr.trim()}`);
  return [
    { rule: 'it comes in parts of at most the asked size', problem: partsProblem(host) },
    { rule: 'a damaged part is refused by its name', problem: damagedProblem(host) },
    { rule: 'a missing part is refused by its name', problem: missingProblem(host) },
    { rule: `it measures ${host.where}`, problem: measuringProblem(host, models) },
    {
      rule: 'results too large to be taken home are cut, and the pieces make the whole',
      problem: cutProblem(host),
    },
  ];
}

const partsOf = ({ place }) =>
  readdirSync(join(place, 'carried'))
    .filter((name) => name.startsWith('bundle.part-'))
    .sort();

function partsProblem(host) {
  const sizes = partsOf(host).map((name) => statSync(join(host.place, 'carried', name)).size);
  if (sizes.length < 2) return `there is ${sizes.length} part, which tells nothing`;
  return sizes.every((size) => size <= PART_BYTES) ? undefined : `parts have ${sizes.join(', ')} bytes`;
}

function damagedProblem(host) {
  const name = partsOf(host)[1];
  const part = join(host.place, 'carried', name);
  const whole = readFileSync(part);
  const damaged = Buffer.from(whole);
  damaged[damaged.length >> 1] ^= 1;
  writeFileSync(part, damaged);
  const problem = refusalProblem(host, `${name} in \\S+ is damaged`);
  writeFileSync(part, whole);
  return problem;
}

function missingProblem(host) {
  const name = partsOf(host).at(-1);
  const part = join(host.place, 'carried', name);
  renameSync(part, `${part}-elsewhere`);
  const problem = refusalProblem(host, `${name} is missing in`);
  renameSync(`${part}-elsewhere`, part);
  return problem;
}

function refusalProblem(host, sentence) {
  const { status, stdout, stderr } = host.run('unpacked');
  const left = readdirSync(host.place).filter((name) => name.startsWith('unpacked'));
  if (status !== 1 || !new RegExp(`^run.sh: ${sentence}.*\n$`).test(stderr) || stdout !== '') {
    return `it ended with ${status} and said: ${stdout}${stderr}`;
  }
  return left.length === 0 ? undefined : `it left ${left.join(', ')}`;
}

/** What a run of everything leaves, beside a file that was there before and cannot be made smaller. */
function measuringProblem(host, models) {
  const unpacked = host.run('unpacked', '--unpack-only');
  if (unpacked.status !== 0) return `--unpack-only ended with ${unpacked.status}: ${unpacked.stderr}`;
  mkdirSync(join(host.place, 'unpacked', 'results'));
  writeFileSync(join(host.place, 'unpacked', 'results', 'large.bin'), large);
  const { status, stderr, error } = host.run('unpacked', '--bench', '--repeats', '2', '--batches', '1,32');
  if (status !== 0)
    return `it ended with ${status ?? error}: ${stderr.trim().split('\n').slice(-3).join(' ')}`;
  const { models: rows } = parseBenchResult(
    JSON.parse(readFileSync(join(host.place, 'unpacked', 'results', 'bench.json'), 'utf8')),
    'bench.json',
  );
  const names = (files) =>
    files
      .map((file) => basename(file))
      .sort()
      .join(', ');
  const measured = names(rows.map(({ file }) => file));
  if (measured !== names(models)) return `it measured ${measured}, expected ${names(models)}`;
  const incomplete = rows.find(
    ({ testAccuracy, batches }) =>
      testAccuracy?.samples !== 10_000 || batches.map(({ batch }) => batch).join() !== '1,32',
  );
  return (
    incomplete && `${incomplete.file}: has not its accuracy on the 10,000 test samples and both batch sizes`
  );
}

const large = randomBytes(24e6);

function cutProblem({ place }) {
  const results = join(place, 'unpacked', 'results');
  const found = readdirSync(results).sort();
  const tooLarge = found.filter((name) => statSync(join(results, name)).size > MOST_RESULT_BYTES);
  if (tooLarge.length > 0) return `larger than ${MOST_RESULT_BYTES} bytes: ${tooLarge.join(', ')}`;
  const pieces = found.filter((name) => name.startsWith('large.bin.gz.part-'));
  if (pieces.length < 2) return `there are ${found.join(', ')}`;
  const whole = gunzipSync(Buffer.concat(pieces.map((name) => readFileSync(join(results, name)))));
  return whole.equals(large) ? undefined : 'the pieces of large.bin.gz make another file';
}

/** A root folder of the tools and the libraries that they are linked against, and the kernel's own file systems. */
function emptyRoot(place) {
  for (const name of ['bin', 'proc', 'dev', 'tmp']) mkdirSync(join(place, name), { recursive: true });
  const libraries = new Set();
  for (const tool of tools) {
    const file = found(tool);
    copyFileSync(file, join(place, 'bin', tool));
    for (const library of linkedAgainst(file)) libraries.add(library);
  }
  const ofLibc = dirname([...libraries].find((file) => basename(file) === 'libc.so.6') ?? '');
  for (const name of libc) if (existsSync(join(ofLibc, name))) libraries.add(join(ofLibc, name));
  for (const file of libraries) cpSync(realpathSync(file), join(place, file));
  const inside =
    'mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && ' +
    'root=$0 && exec chroot "$root" /bin/env -i PATH=/bin /bin/bash /carried/run.sh "$@"';
  return {
    place,
    where: 'in an empty root folder',
    // The mounts are seen by this one process and those that it starts, and go with them.
    run: (folder, ...args) =>
      spawnSync('unshare', ['--mount', 'bash', '-c', inside, place, `/${folder}`, ...args], {
        encoding: 'utf8',
      }),
  };
}

/** A folder of the tools, which is the whole PATH. */
function barePath(place) {
  mkdirSync(join(place, 'bin'), { recursive: true });
  for (const tool of tools) symlinkSync(found(tool), join(place, 'bin', tool));
  return {
    place,
    where: 'with a bare PATH',
    run: (folder, ...args) =>
      spawnSync('bash', [join(place, 'carried', 'run.sh'), join(place, folder), ...args], {
        encoding: 'utf8',
        env: { PATH: join(place, 'bin') },
      }),
  };
}

function found(tool) {
  const file = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, tool))
    .find(existsSync);
  if (file === undefined) throw new Error(`there is no ${tool} here: install it`);
  return realpathSync(file);
}

function linkedAgainst(file) {
  const { stdout } = spawnSync('ldd', [file], { encoding: 'utf8' });
  return [...stdout.matchAll(/(?:=> |^\s+)(\/\S+)/gm)].map(([, library]) => library);
}

const [folder, ...models] = process.argv.slice(2);
const checks = bundleReferee(folder, models);
for (const check of checks) console.log(JSON.stringify(check));
if (checks.some(({ problem }) => problem)) process.exitCode = 1;
