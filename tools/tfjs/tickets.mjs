// Holds the tickets that the engines find against each other.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { overlap } from '@winning-tickets/ticket';
import { engineDevices, parseExperiment, readStageTicket, runExperiment } from '@winning-tickets/train';
import { oneOf, optionsOf, someOf, wholeNumber } from '../options.mjs';

const root = join(import.meta.dirname, '..', '..');

const usage = `Usage: npm run compare:tickets -- [EXPERIMENT] [options]

Runs one experiment (default quick) in the engines side by side and prints, as Markdown, how much the masks of its last level
overlap with those of the engine onnx on one thread, and the accuracies of the trials. The engine onnx on two threads is the
yardstick: what rounding alone does.

  --iterations N  steps of a training (default 200)
  --levels N      rounds of pruning (default 2)
  --trials N      default 1
  --devices LIST  devices of TensorFlow.js, comma-separated: cpu, gpu, wasm (default cpu,wasm)
  --runs DIR      where runs lie (default .cache/tfjs/runs); what is finished there is not done again
  --help          print this`;

const { values, positionals } = optionsOf(
  usage,
  {
    iterations: { type: 'string', default: '200' },
    levels: { type: 'string', default: '2' },
    trials: { type: 'string', default: '1' },
    devices: { type: 'string', default: 'cpu,wasm' },
    runs: { type: 'string', default: join(root, '.cache', 'tfjs', 'runs') },
  },
  1,
);
const iterations = wholeNumber('--iterations', values.iterations);
const trials = wholeNumber('--trials', values.trials);
const files = readdirSync(join(root, 'experiments')).filter((file) => file.endsWith('.json'));
const name = oneOf(
  'EXPERIMENT',
  positionals[0] ?? 'quick',
  files.map((file) => basename(file, '.json')),
);
const devices = someOf('--devices', values.devices, engineDevices.tfjs);
const levels = wholeNumber('--levels', values.levels);

function experimentOf(way) {
  const file = join(root, 'experiments', `${name}.json`);
  const written = JSON.parse(readFileSync(file, 'utf8'));
  const changes = {
    iterations,
    evaluateEvery: Math.min(iterations, written.evaluateEvery),
    trials,
    branches: [],
    pruning: { ...written.pruning, levels },
  };
  return parseExperiment({ ...written, ...changes, ...way }, file);
}

async function outcomeOf(way) {
  const run = await runExperiment({ experiment: experimentOf(way), root: values.runs });
  const tickets = [];
  for (let trial = 1; trial <= trials; trial++) {
    tickets.push(await readStageTicket(run, { trial, branch: 'iterative', level: levels }));
  }
  const accuracies = run.stages
    .filter(({ level }) => level === levels)
    .map(({ metrics }) => (100 * metrics.end.testAccuracy).toFixed(2));
  return { masks: tickets.map(({ masks }) => masks), accuracies };
}

const ways = {
  'onnx, 1 thread': { engine: 'onnx', device: 'cpu', threads: 1 },
  'onnx, 2 threads': { engine: 'onnx', device: 'cpu', threads: 2 },
  ...Object.fromEntries(
    devices.map((device) => [`tfjs on ${device}`, { engine: 'tfjs', device, threads: 1 }]),
  ),
};
console.log(
  `| ${name}, ${iterations} steps, level ${levels} | masks in common with onnx, 1 thread | test accuracy at the end, per trial |`,
);
console.log('| --- | --- | --- |');
let first;
for (const [title, way] of Object.entries(ways)) {
  const { masks, accuracies } = await outcomeOf(way);
  first ??= masks;
  const common = masks.map((mask, trial) => `${(100 * overlap(first[trial], mask)).toFixed(2)} %`);
  console.log(`| ${title} | ${common.join(', ')} | ${accuracies.join(', ')} |`);
}
