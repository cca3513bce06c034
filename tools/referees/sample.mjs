// A small real run with all that comes of it, for the referees to look at: tickets, their exports, samples with the
// logits that the trained network gives them, and the pages of the report, of two runs compared, and of a crossover map.
//
//   node tools/referees/sample.mjs FOLDER
//
// Prints one line of JSON with their paths: `{tickets: [file], models: [{file, samples}], pages: [file]}`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchmark } from '@winning-tickets/bench';
import { loadDataset } from '@winning-tickets/datasets';
import { encodingsFor, exportFile } from '@winning-tickets/export';
import { decodeModel } from '@winning-tickets/onnx';
import { readTicket } from '@winning-tickets/ticket';
import { openModel, parseExperiment, runExperiment, stageFolder } from '@winning-tickets/train';
import { choicesOf, exportNamedNetworks, isExact, ran, toleranceOf } from './named-networks.mjs';

const root = join(import.meta.dirname, '..', '..');

/** Samples of the test set that the reference evaluator sees: it is slow, and a wrong graph shows on the first. */
const samples = 16;

/** Samples that exports are proved on here: what proves them in earnest is the tests' business. */
const proofSamples = 1000;

/** Trains, exports, measures and reports into a folder that is made if need be; gives the paths. */
async function makeSample(folder) {
  const run = await trained(folder, {});
  const whole = await loadDataset(run.experiment.dataset);
  const dataset = { ...whole, test: firstOf(whole.test, proofSamples) };
  const { tickets, exports, models } = await exported(run, folder, dataset);
  const { page, bench } = await report(run, exports, folder);
  const pages = [page, crossoverPage(folder, bench)];
  const compared = [run];
  // The page is about one run; checker, evaluator and reader see convolutions and batch normalisation too.
  for (const network of ['lenet-5', residual]) {
    const other = await trained(folder, briefly(network));
    const others = await exported(other, folder, dataset);
    compared.push(other);
    tickets.push(...others.tickets);
    models.push(...others.models);
  }
  pages.push(comparisonPage(compared, folder));
  const trainedHere = ['lenet-300-100', 'lenet-5'];
  models.push(...(await exportNamedNetworks(join(folder, 'named'), (name) => !trainedHere.includes(name))));
  return { tickets, models, pages };
}

/** Every kind of thing that a residual network has, small enough to be evaluated often. */
const residual = {
  name: 'residual',
  input: [28, 28],
  layers: [
    { kind: 'reshape', shape: [1, 28, 28] },
    { kind: 'conv2d', filters: 4, kernel: 3, stride: 2, padding: 'same' },
    { kind: 'batchnorm' },
    { kind: 'relu' },
    {
      kind: 'residual',
      layers: [{ kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' }, { kind: 'batchnorm' }],
    },
    { kind: 'relu' },
    {
      kind: 'residual',
      layers: [{ kind: 'conv2d', filters: 8, kernel: 3, stride: 2, padding: 'same' }, { kind: 'gelu' }],
      shortcut: [{ kind: 'conv2d', filters: 8, kernel: 1, stride: 2 }],
    },
    { kind: 'dropout', rate: 0.1 },
    { kind: 'globalavgpool' },
    { kind: 'dense', units: 10 },
  ],
};

/** What it takes to have a masked network with weights and averages that have moved. */
const briefly = (network) => ({
  name: network.name ?? network,
  network,
  iterations: 20,
  evaluateEvery: 20,
  trials: 1,
  pruning: { rate: 0.8, levels: 1 },
  branches: [],
});

/** The first samples of a side of image data. */
function firstOf({ inputs, labels }, count) {
  const first = ({ dtype, shape, data }) => ({
    dtype,
    shape: [count, ...shape.slice(1)],
    data: data.subarray(0, (data.length / shape[0]) * count),
  });
  return { inputs: first(inputs), labels: first(labels) };
}

/** All tickets of a run, and every export of the first and the last, proved on the test side of the data. */
async function exported(run, folder, dataset) {
  const tickets = run.stages.map((stage) => join(stageFolder(run, stage), stage.ticket));
  const exports = [];
  const models = [];
  for (const ticket of [tickets.at(0), tickets.at(-1)]) {
    const made = await exportsOf(ticket, join(folder, 'onnx'), dataset, run.experiment.network);
    const inputs = await samplesOf(made, dataset, folder);
    exports.push(...made);
    models.push(...made.map(({ file }, index) => ({ file, samples: inputs[index] })));
  }
  return { tickets, exports, models };
}

async function trained(folder, changes) {
  const quick = JSON.parse(readFileSync(join(root, 'experiments', 'quick.json'), 'utf8'));
  const json = {
    ...quick,
    name: 'sample',
    iterations: 200,
    pruning: { ...quick.pruning, rate: 0.6, levels: 3 },
    branches: [
      { kind: 'random-reinit', levels: [3] },
      { kind: 'one-shot', levels: [3] },
    ],
    ...changes,
  };
  return runExperiment({ experiment: parseExperiment(json, 'the sample'), root: join(folder, 'runs') });
}

/** Every encoding of a ticket, each proved on the test side. */
async function exportsOf(ticket, folder, dataset, network) {
  const run = async (bytes) => (await openModel(bytes, { threads: 1 })).run;
  const made = [];
  const fitting = encodingsFor(await readTicket(ticket));
  for (const encoding of fitting) {
    for (const encodingOptions of choicesOf(encoding, fitting)) {
      // A convolution meets its input in its shape, so there is no list of live ones to take.
      if (encodingOptions.liveInputs && network !== 'lenet-300-100') continue;
      const out = join(folder, encodingOptions.liveInputs ? 'liveInputs' : '');
      const file = await exportFile(ticket, encoding.name, out, { encodingOptions, proof: { dataset, run } });
      made.push({ ...file, isExact: isExact(encoding), tolerance: toleranceOf(encoding) });
    }
  }
  return made;
}

/** A file for each export with inputs as it takes them, and the logits that the runtime gives: of the dense export, or of itself where it rounds. */
async function samplesOf(made, { test, inputScale }, folder) {
  const size = test.inputs.data.length / test.labels.data.length;
  const shape = test.inputs.shape.slice(1);
  const whole = Float32Array.from(
    test.inputs.data.subarray(0, samples * size),
    (value) => value * inputScale,
  );
  const dense = made.find(({ encoding }) => encoding === 'dense');
  const input = { dtype: 'float32', shape: [samples, ...shape], data: whole };
  const { logits } = await ran(readFileSync(dense.file), { input });
  mkdirSync(join(folder, 'samples'), { recursive: true });
  const paths = [];
  for (const [index, { file, isExact: isSame, tolerance }] of made.entries()) {
    const bytes = readFileSync(file);
    const { metadata } = decodeModel(bytes, file);
    const live = metadata['tickets.liveInputs'];
    const entry = live === undefined ? input : picked(whole, size, JSON.parse(live));
    const path = join(
      folder,
      'samples',
      `${metadata['tickets.network']}-${made[0].density.toFixed(3)}-${index}.json`,
    );
    const expected = isSame ? logits : (await ran(bytes, { input: entry })).logits;
    const sample = { inputs: { input: asJson(entry) }, logits: asJson(expected), tolerance };
    writeFileSync(path, JSON.stringify(sample));
    paths.push(path);
  }
  return paths;
}

const asJson = ({ dtype, shape, data }) => ({ dtype, shape, values: [...data] });

function picked(whole, size, live) {
  const data = Float32Array.from(
    { length: samples * live.length },
    (_, place) => whole[Math.floor(place / live.length) * size + live[place % live.length]],
  );
  return { dtype: 'float32', shape: [samples, live.length], data };
}

async function report(run, exports, folder) {
  // Of the whole network the dense model alone, as `tickets run` does it.
  const files = exports
    .filter(({ density, encoding }) => density < 1 || encoding === 'dense')
    .map(({ file }) => file);
  const bench = await benchmark({
    files,
    seed: 1,
    batches: [1, 32],
    repeats: 3,
    blockMillis: 20,
    warmupMillis: 20,
    sessionCreations: 2,
    memoryProcesses: 1,
  });
  tickets('stability', run.folder, '--steps', '0,100', '--levels', '0,3', '--points', '5', '--trials', '1');
  const [page, measured] = ['report.html', 'report-bench.json'].map((name) => join(folder, name));
  writeFileSync(measured, JSON.stringify(bench));
  tickets('report', run.folder, '--bench', measured, '--out', page);
  return { page, bench };
}

/** The page of runs beside each other. */
function comparisonPage(runs, folder) {
  const page = join(folder, 'comparison.html');
  tickets('report', ...runs.map((run) => run.folder), '--out', page);
  return page;
}

/** The page of a small crossover map, with the benchmarked tickets on it. */
function crossoverPage(folder, bench) {
  const [map, points, page] = ['map.json', 'bench.json', 'crossover.html'].map((name) => join(folder, name));
  writeFileSync(points, JSON.stringify(bench));
  tickets(
    ...['crossover', '--out', map, '--report', page],
    ...['--points', points, '--widths', '64,256', '--densities', '0.5,0.1', '--batches', '1,32'],
    ...['--repeats', '2', '--block-millis', '2'],
  );
  return page;
}

/** Runs the command as a user does. */
function tickets(...args) {
  const program = join(root, 'packages', 'cli', 'bin', 'tickets.js');
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tickets ${args[0]} ended with ${status}: ${stderr.trim()}`);
}

console.log(JSON.stringify(await makeSample(process.argv[2])));
