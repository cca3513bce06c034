// Times training steps of a run's dense network and tickets, without what no gradient reaches and whole, in interleaved blocks
// of one process, so that what slows the machine slows all of them. First it holds the losses of both against each other.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { loadDataset } from '@winning-tickets/datasets';
import {
  experimentBatches,
  freshState,
  masked,
  networkOf,
  onnxEngine,
  readRun,
  readStageTicket,
  trialSeed,
} from '@winning-tickets/train';
import { optionsOf, refuse, wholeNumber, wholeNumbers } from '../options.mjs';
import { bootstrapRatio, median, quantile, randomFrom, shuffled } from '../pytorch/statistics.mjs';

const usage = `Usage: npm run bench:training -- RUN [options]

Times a training step of a run's dense network and of its tickets, each without what no gradient reaches (as trainings are by
default) and whole (--no-compact). RUN is the folder of a finished run (runs/<name>-<hash>) of the engine onnx.

  --levels A,B,…  levels of the iterative branch besides 0 (default: every third)
  --trial N       whose tickets (default 1)
  --rounds N      rounds; in each, every side runs one block, in random order (default 20)
  --steps N       steps of a block (default 100)
  --check N       steps over which the losses of both forms are held against each other first (default 200)
  --threads N     threads of a step (default 1)
  --json          print the result as JSON instead of a table
  --out FILE      also write the result as JSON to FILE
  --help          print this`;

const SEED = 1;
const WARM_UP_BLOCKS = 2;

function readOptions() {
  const { values, positionals } = optionsOf(
    usage,
    {
      levels: { type: 'string' },
      trial: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '20' },
      steps: { type: 'string', default: '100' },
      check: { type: 'string', default: '200' },
      threads: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
    1,
  );
  if (positionals.length === 0) refuse('RUN must be the folder of one run');
  const { levels, json, out, ...numbers } = values;
  return {
    ...{ folder: positionals[0], json, out },
    levels: levels === undefined ? undefined : wholeNumbers('--levels', levels),
    ...Object.fromEntries(
      Object.entries(numbers).map(([name, text]) => [name, wholeNumber(`--${name}`, text)]),
    ),
  };
}

/** A level's ticket in one form, ready to train. */
async function openSide({ level, compact, ticket, experiment, dataset, network, threads }) {
  const { optimizer, batchSize } = experiment;
  const { inputScale, train, validation, test } = dataset;
  const program = await onnxEngine.compile({
    ...{ network, optimizer, batchSize, threads, device: 'cpu', compact },
    ...{ inputScale, train, validation, test },
  });
  const begin = masked(freshState(network, optimizer, ticket.initial), ticket.masks);
  return { level, compact, density: ticket.metadata.density, program, begin, state: begin, micros: [] };
}

/** Runs a block of a side, which goes on where it was. @returns the losses */
async function runBlock(side, batches, steps) {
  const { state, losses } = await side.program.run(side.state, batches(side.state.step, steps));
  side.state = state;
  return losses;
}

async function timeBlock(side, batches, steps) {
  const started = performance.now();
  await runBlock(side, batches, steps);
  side.micros.push(((performance.now() - started) * 1000) / steps);
}

/** The largest relative difference of a loss between the two forms of each level. */
async function compareLosses(sides, batches, steps) {
  const differences = new Map();
  for (const level of new Set(sides.map((side) => side.level))) {
    const [one, other] = await Promise.all(
      sides.filter((side) => side.level === level).map((side) => runBlock(side, batches, steps)),
    );
    differences.set(
      level,
      one.reduce((worst, loss, step) => Math.max(worst, Math.abs(loss - other[step]) / other[step]), 0),
    );
  }
  return differences;
}

function rowOf(side, dense, random) {
  const { level, compact, density, micros } = side;
  return {
    ...{ level, density, form: compact ? 'compact' : 'whole' },
    stepMicros: median(micros),
    lowMicros: quantile(micros, 0.25),
    highMicros: quantile(micros, 0.75),
    overDense: bootstrapRatio(micros, dense.micros, random),
    blocksMicros: micros,
  };
}

function printTable({ rows, losses }) {
  const range = ({ ratio, low, high }) => `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  console.log(
    'weights left  step, compact  over dense           step, whole  over dense           losses apart',
  );
  for (const compact of rows.filter(({ form }) => form === 'compact')) {
    const whole = rows.find(({ level, form }) => level === compact.level && form === 'whole');
    console.log(
      [
        `${(100 * compact.density).toFixed(2)} %`.padStart(12),
        `${compact.stepMicros.toFixed(0)} µs`.padStart(13),
        range(compact.overDense).padEnd(19),
        `${whole.stepMicros.toFixed(0)} µs`.padStart(12),
        range(whole.overDense).padEnd(19),
        losses[compact.level].toExponential(1).padStart(12),
      ].join('  '),
    );
  }
}

async function main() {
  const options = readOptions();
  const run = await readRun(options.folder);
  const { experiment } = run;
  if (experiment.engine !== 'onnx')
    throw new Error(`${run.folder} was trained by ${experiment.engine}, not by onnx.`);
  const own = run.stages.filter(({ trial, branch }) => trial === options.trial && branch === 'iterative');
  const asked =
    options.levels ?? own.map(({ level }) => level).filter((level) => level % 3 === 0 && level > 0);
  const stages = [0, ...asked].map((level) => {
    const stage = own.find((one) => one.level === level);
    if (!stage)
      throw new Error(`${run.folder} has no level ${level} of trial ${options.trial}; see --levels.`);
    return stage;
  });
  const dataset = await loadDataset(experiment.dataset);
  const network = networkOf(experiment, dataset);
  const batches = experimentBatches(
    experiment,
    dataset.train.labels.shape[0],
    trialSeed(experiment, options.trial),
  );
  const sides = [];
  try {
    for (const stage of stages) {
      const ticket = await readStageTicket(run, stage);
      for (const compact of [true, false])
        sides.push(
          await openSide({
            ...stage,
            compact,
            ticket,
            experiment,
            dataset,
            network,
            threads: options.threads,
          }),
        );
    }
    const differences = await compareLosses(sides, batches, options.check);
    for (const side of sides) {
      // Every side trains from its beginning: no weights have an advantage.
      side.state = side.begin;
      for (let block = 0; block < WARM_UP_BLOCKS; block++) await runBlock(side, batches, options.steps);
    }
    const random = randomFrom(SEED);
    for (let round = 1; round <= options.rounds; round++) {
      if (process.stderr.isTTY) process.stderr.write(`\rround ${round} of ${options.rounds}`);
      for (const side of shuffled(sides, random)) await timeBlock(side, batches, options.steps);
    }
    if (process.stderr.isTTY) process.stderr.write('\n');
    // The reference is the dense network as the engine trains it by default.
    const [dense] = sides;
    const result = {
      ...{ run: experiment.name, network: network.spec.name, trial: options.trial },
      ...{
        batchSize: experiment.batchSize,
        threads: options.threads,
        rounds: options.rounds,
        steps: options.steps,
      },
      machine: {
        cpu: cpus()[0]?.model,
        cores: availableParallelism(),
        node: process.version,
        load: loadavg(),
      },
      checkSteps: options.check,
      losses: Object.fromEntries(differences),
      rows: sides.map((side) => rowOf(side, dense, random)),
    };
    if (options.out) writeFileSync(options.out, `${JSON.stringify(result, null, 1)}\n`);
    if (options.json) console.log(JSON.stringify(result));
    else printTable(result);
  } finally {
    for (const { program } of sides) await program.dispose();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
