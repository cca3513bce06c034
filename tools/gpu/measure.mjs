// All that a GPU host is asked to measure, in minutes: dense networks and tickets in the runtime, and training steps.
// Made for a host that is at hand for a short time: every part leaves its file when it ends, and one that fails says so
// and leaves the others.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { benchmark, latencyTable, renderTable, toCsv } from '@winning-tickets/bench';
import { oneOf, optionsOf, refuse, wholeNumber, wholeNumbers } from '../options.mjs';

const usage = `Usage: node tools/gpu/measure.mjs PARTS... --out DIR [options]

Parts, in this order whatever the order they are named in:

  bench      every folder of models under --models: dense against pruned, on --provider
  agree      trainings on --provider against the CPU, 200 steps, with and without TF32
  train      steps per second of 1, 8 and 64 trainings, PyTorch beside
  profile    where a training step runs and what takes its time

  --models DIR     folders of .onnx files; those of one folder are compared with each other
  --provider NAME  cuda, webgpu or cpu (default cuda)
  --batches LIST   default 1,8,32,256,1024
  --networks LIST  networks to train (default lenet-300-100,lenet-5)
  --repeats N      measured blocks of each model and batch size (default 8)
  --modes LIST     how PyTorch runs beside the training: eager, compiled (default eager,compiled)
  --seconds N      no part is begun after so many seconds (default 600)
  --help           print this`;

const known = ['bench', 'agree', 'train', 'profile'];
const { values, positionals } = optionsOf(
  usage,
  {
    out: { type: 'string' },
    models: { type: 'string', default: 'models' },
    provider: { type: 'string', default: 'cuda' },
    batches: { type: 'string', default: '1,8,32,256,1024' },
    networks: { type: 'string', default: 'lenet-300-100,lenet-5' },
    repeats: { type: 'string', default: '8' },
    modes: { type: 'string', default: 'eager,compiled' },
    seconds: { type: 'string', default: '600' },
  },
  Infinity,
);
const parts = positionals.map((part) => oneOf('PARTS', part, known));
const options = {
  ...values,
  out: values.out ?? refuse('--out must name a folder for the results'),
  provider: oneOf('--provider', values.provider, ['cuda', 'webgpu', 'cpu']),
  batches: wholeNumbers('--batches', values.batches),
  repeats: wholeNumber('--repeats', values.repeats),
  seconds: wholeNumber('--seconds', values.seconds),
};
if (parts.length === 0) refuse(`name what to measure: ${known.join(', ')}`);

const together = fileURLToPath(new URL('../together/', import.meta.url));

/** Name and work of each part; a name is that of its result file. */
function plan() {
  const { provider, out } = options;
  const networks = options.networks.split(',');
  const jobs = [];
  if (parts.includes('bench')) {
    for (const folder of readdirSync(options.models).sort()) {
      jobs.push([`${folder}-${provider}`, (name) => bench(folder, name)]);
    }
  }
  const program = (file, args, env) => (name) =>
    run(join(together, file), args, join(out, `${name}.json`), env);
  for (const network of networks) {
    const common = ['--device', provider, '--network', network, '--json'];
    if (parts.includes('agree')) {
      jobs.push([`agree-${network}-${provider}`, program('agree.mjs', common)]);
      if (provider === 'cuda') {
        jobs.push([
          `agree-${network}-${provider}-no-tf32`,
          program('agree.mjs', common, { NVIDIA_TF32_OVERRIDE: '0' }),
        ]);
      }
    }
    if (parts.includes('train')) {
      const peer = provider === 'webgpu' ? [] : ['--peer', '--modes', options.modes];
      jobs.push([`train-${network}-${provider}`, program('bench.mjs', [...common, '--steps', '300', '--blocks', '3', ...peer])]); // prettier-ignore
    }
    if (parts.includes('profile')) {
      jobs.push([`profile-${network}-${provider}`, program('profile.mjs', common)]);
      jobs.push([`profile-${network}-8-${provider}`, program('profile.mjs', [...common, '--members', '8'])]);
    }
  }
  return jobs;
}

/** Measures the models of one folder side by side. */
async function bench(folder, name) {
  const models = join(options.models, folder);
  const files = readdirSync(models)
    .filter((file) => file.endsWith('.onnx'))
    .sort()
    .map((file) => join(models, file));
  const result = await benchmark({
    files,
    baseline: files.find((file) => file.includes('level0') && file.includes('dense')),
    seed: 1,
    provider: options.provider,
    batches: options.batches,
    repeats: options.repeats,
    blockMillis: 40,
    warmupMillis: 20,
    maxSamplesPerBlock: 500,
    sessionCreations: 3,
    memoryProcesses: 1,
  });
  writeFileSync(join(options.out, `${name}.json`), JSON.stringify(result));
  for (const [table, text] of Object.entries(toCsv(result))) {
    writeFileSync(join(options.out, `${name}-${table}.csv`), text);
  }
  console.log(renderTable(latencyTable(result)));
  for (const { name: model, notes } of result.models)
    for (const note of notes) console.log(`${model}: ${note}`);
  for (const warning of result.warnings) console.log(`warning: ${warning}`);
}

function run(program, args, file, env = {}) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 26,
  });
  if (stdout.trim() === '')
    throw new Error(stderr.trim().split('\n').at(-1) || `it ended with status ${status}`);
  writeFileSync(file, stdout);
  console.log(stdout.length > 4000 ? `${stdout.slice(0, 4000)}…` : stdout.trim());
  if (status !== 0) console.log(`(status ${status})`);
}

mkdirSync(options.out, { recursive: true });
const failures = [];
for (const [name, work] of plan()) {
  const began = performance.now();
  if (began > options.seconds * 1e3) {
    failures.push(`${name}: not begun, the time is over`);
    continue;
  }
  console.log(`\n== ${name}`);
  try {
    await work(name);
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
    console.log(`failed: ${error.message}`);
  }
  console.log(`-- ${name}: ${((performance.now() - began) / 1e3).toFixed(1)} s`);
}
writeFileSync(
  join(options.out, `failures-${parts.join('-')}-${options.provider}.txt`),
  failures.map((line) => `${line}\n`).join(''),
);
process.exitCode = failures.length > 0 ? 1 : 0;
process.exit();
